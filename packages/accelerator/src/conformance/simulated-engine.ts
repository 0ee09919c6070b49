/**
 * An engine in virtual time: it speaks the rings of a real one, word by word, with a chance for everybody else to act between any two of
 * its steps. It has no time limit on its sleep: a wake-up that got lost is a run that never ends.
 */
import type { Runtime, WorkerHandle, WorkerSpec } from '@zcomp/core'
import { Status } from '@zcomp/core'
import type { EngineData, FromEngine, ToEngine } from '../engine/messages.js'
import { EngineSetups } from '../engine/setups.js'
import { GuestRings, type RingRequest } from '../rings/guest.js'
import { word } from '../rings/layout.js'
import type { SimulatedFault, SimulatedOptions, SimulatedRequest } from './script.js'

/** Longest time between two steps, in milliseconds. */
const stepMs = 0.002

export class SimulatedEngine implements WorkerHandle {
  readonly index: number
  /** Steps in which there was nothing to do, not counting those before a sleep. */
  emptySteps = 0
  served = 0
  ended = false
  /** Its thread was ended by force. */
  forced = false
  readonly #spec: WorkerSpec
  readonly #runtime: Runtime
  readonly #options: SimulatedOptions
  readonly #nextRequest: () => number
  readonly #guest: GuestRings
  readonly #setups: EngineSetups
  /** What was posted before it came up. */
  readonly #mail: ToEngine[] = []
  #up = false
  #parked = false
  #stuck = false
  #endings: (() => void)[] = []

  constructor(index: number, spec: WorkerSpec, runtime: Runtime, options: SimulatedOptions, nextRequest: () => number) {
    this.index = index
    this.#spec = spec
    this.#runtime = runtime
    this.#options = options
    this.#nextRequest = nextRequest
    this.#guest = new GuestRings((spec.data as EngineData).rings)
    this.#setups = new EngineSetups(async (module) => options.load(module), this.#tell)
  }

  /** The first event of its life. */
  begin(fate: 'up' | 'ends' | 'hangs'): void {
    if (fate === 'hangs') return
    this.#in(this.#options.startMs, () => {
      if (fate === 'ends') {
        this.end(new Error('a planned failure to start'))
        return
      }
      this.#guest.begin()
      this.#tell({ type: 'up', bell: 'message', wake: 'message' })
      this.#up = true
      for (const message of this.#mail.splice(0)) this.#hear(message)
      this.#step()
    })
  }

  /** Ends it as a crash would: between two steps. */
  end(error?: unknown): void {
    if (this.ended) return
    this.ended = true
    for (const resolve of this.#endings.splice(0)) resolve()
    this.#spec.onExit(error)
  }

  readonly #tell = (message: FromEngine): void => {
    this.#runtime.after(this.#options.messageMs, () => {
      if (!this.ended) this.#spec.onMessage(message)
    })
  }

  #in(ms: number, run: () => void): void {
    this.#runtime.after(ms, () => {
      if (!this.ended && !this.#stuck) run()
    })
  }

  #soon(run: () => void): void {
    this.#in(this.#runtime.random() * stepMs, run)
  }

  readonly #step = (): void => {
    const { bell } = this.#guest
    this.#soon(() => {
      // As a real one does: when the next page has been read, or there is none.
      this.#publish()
      if (this.#guest.leaves) {
        void this.#setups.close().then(() => this.end())
        return
      }
      const request = this.#guest.take()
      if (request) this.#serve({ ...request })
      else this.#rest(bell)
    })
  }

  /** As the futex does it: whoever rings after the look at the bell finds it asleep, or keeps it from sleeping. */
  #rest(bell: number): void {
    const sleepy = this.#guest.lieDown(bell)
    this.#soon(() => {
      if (sleepy && this.#guest.words[word.asleep] === 1) this.#parked = true
      else this.#wakeUp()
    })
  }

  #wakeUp(): void {
    this.#parked = false
    this.#guest.getUp()
    if (!this.#guest.waiting) this.emptySteps++
    this.#step()
  }

  #serve(request: RingRequest): void {
    const { setup, slot } = request
    const seen: SimulatedRequest = { nth: this.#nextRequest(), engine: this.index, slot, setup }
    const fault = this.#options.onRequest(seen)
    if (fault?.kind === 'hang') {
      this.#stuck = true
      return
    }
    if (fault?.kind === 'die') {
      this.end(new Error('a planned death'))
      return
    }
    const { serviceMs } = this.#options
    const usual = typeof serviceMs === 'number' ? serviceMs : serviceMs(seen)
    const ms = usual + (fault?.kind === 'slow' ? fault.ms : 0)
    this.#in(ms, () => {
      const made = this.#setups.get(setup)
      const answer = made?.read(slot, request.length) ? made.compress(slot, request.length) : Status.fault
      this.served++
      this.#finish(request, fault, answer, ms)
      this.#step()
    })
  }

  #finish(request: RingRequest, fault: SimulatedFault | undefined, answer: number, ms: number): void {
    const { slot, generation } = request
    const micros = Math.max(1, Math.round(ms * 1000))
    switch (fault?.kind) {
      case 'swallow':
        return
      case 'answer':
        this.#guest.answer(slot, generation, fault.answer, micros)
        return
      case 'overrun':
        for (let i = 0; i < this.#guest.words.length; i++) this.#guest.answer(slot, generation, answer, micros)
        return
      case 'again':
        this.#in(fault.afterMs, () => {
          this.#guest.answer(slot, generation, answer, micros)
          this.#publish()
        })
        break
      case 'invent':
        this.#guest.answer(fault.slot, fault.generation, answer, micros)
    }
    this.#guest.answer(slot, generation, answer, micros)
  }

  #publish(): void {
    if (this.#guest.publish()) this.#tell({ type: 'wake' })
  }

  /** Arrives when it was sent, as a ring of the bell does; an engine that is busy hears it when it looks. */
  post(message: unknown): void {
    if (this.ended) return
    if (this.#up) this.#hear(message as ToEngine)
    else this.#mail.push(message as ToEngine)
    if (this.#parked) {
      this.#parked = false
      this.#soon(() => this.#wakeUp())
    }
  }

  #hear(message: ToEngine): void {
    if (message.type === 'setup') void this.#setups.add(message)
    else if (message.type === 'release') void this.#setups.remove(message.id)
  }

  ref(): void {}
  unref(): void {}

  terminate(): Promise<void> {
    if (this.ended) return Promise.resolve()
    this.forced = true
    if (this.#options.mortal) this.#runtime.after(this.#options.messageMs, () => this.end())
    return new Promise((resolve) => void this.#endings.push(resolve))
  }

  /** It may have been in a backend's code. */
  get begun(): boolean {
    return this.#guest.words[word.begun] !== 0
  }

  /** Wake-ups from sleep, as real engines count them. */
  get sleeps(): number {
    return this.#guest.words[word.sleeps]!
  }
}
