/**
 * A device that does what a script says: refuses, fails, hangs, is late, answers twice, dies, resets, comes back. It compresses with the
 * software of whatever backend it stands behind, so its results are real; and it notes whatever core does to it that the contract forbids.
 */
import {
  type Answered,
  type ManagedStream,
  type ManagedStreams,
  type Runtime,
  Status,
  type Unavailable,
} from '@zcomp/core'
import { ScriptedEngines } from './scripted-engines.js'
import { oddly } from './scripted-odd.js'
import type { Refusal, Script, ScriptedOptions } from './scripted-plan.js'
import { type Engine, makeSlot, ScriptedRequest, type Slot } from './scripted-slot.js'

/** A setup, as its requests name it. */
interface Owner {
  readonly setup: number
}

/** The pool; any number of setups share it. The first brings it up, the last takes it down, any number of times. */
export class ScriptedDevice {
  /** What core did that the contract forbids, in words. Empty, always. */
  readonly broken: string[] = []
  /** Calls and requests so far, and `wakes`: commits that found something to begin and nobody at work. */
  readonly counts = { asked: 0, lent: 0, put: 0, commits: 0, wakes: 0, requests: 0, answers: 0, setups: 0, lives: 0 }
  readonly streams: number
  readonly slotBytes: number
  /** Says so instead of lending. Change it at any time. */
  refuse: Refusal
  script: Script
  /** Setups that are alive. */
  users = 0
  /** Timers of its own that are still to run. */
  timers = 0
  readonly #options: ScriptedOptions
  readonly #runtime: Runtime
  #slots: Slot[] = []
  #free: Slot[] = []
  #engines: ScriptedEngines
  #up = false
  #startedAt = 0

  constructor(options: ScriptedOptions) {
    this.#options = options
    this.#runtime = options.runtime
    this.streams = options.streams ?? 8
    this.slotBytes = options.slotBytes ?? 65536
    this.script = options.script ?? (() => ({}))
    this.#engines = this.#newEngines()
  }

  /** Streams that could be lent now. */
  get free(): number {
    return this.#free.length
  }

  /** Requests without an answer. */
  get inFlight(): number {
    return this.#engines.pending.size
  }

  /** A setup joins: its streams, and how it leaves. */
  attach(engine: Engine): { readonly streams: ManagedStreams; stop(): Promise<void> } {
    const nth = this.counts.setups++
    if (this.users++ === 0) this.#start()
    const joined = this.#up && (this.#options.joins?.(nth) ?? true)
    const owner: Owner = { setup: nth }
    const engines = this.#engines
    const lent = new Map<ManagedStream, Slot>()
    let ended = false
    const mustLive = (call: string): void => {
      if (ended) this.broken.push(`${call} after the setup has ended`)
    }
    const streams: ManagedStreams = {
      streams: joined ? this.streams : 0,
      getStream: () => {
        mustLive('getStream')
        this.counts.asked++
        const slot = joined && !ended ? this.#lend() : 'removed'
        if (typeof slot === 'string') return slot
        const stream = this.#stream(slot, owner, engine, lent)
        lent.set(stream, slot)
        return stream
      },
      putStream: (stream) => {
        mustLive('putStream')
        const slot = lent.get(stream)
        lent.delete(stream)
        this.#takeBack(slot)
      },
      commit: () => {
        mustLive('commit')
        this.#commit()
      },
    }
    const stop = async (): Promise<void> => {
      engines.finishAll((request) => request.owner === owner, Status.fault)
      // Core hears of these answers, and puts their streams, before the setup has ended.
      for (let i = 0; i < 4; i++) await null
      ended = true
      for (const slot of lent.values()) this.#home(slot)
      lent.clear()
      engine.ctx = 'none'
      if (--this.users === 0) this.#stop()
    }
    return { streams, stop }
  }

  /** Answers requests that hang: with `answer`, else with what they would have been answered. */
  unstick(answer?: number): void {
    this.#engines.finishAll(({ state }) => state === 'stuck', answer)
  }

  /** Nothing begins and nothing is answered until `resume`. */
  pause(): void {
    this.#engines.pause()
  }

  resume(): void {
    this.#engines.resume()
  }

  /** Everything in flight is answered now: with a fault, or with its result. */
  reset(what: 'loses' | 'completes'): void {
    this.#engines.finishAll(() => true, what === 'loses' ? Status.fault : undefined)
  }

  /** Gone: no stream any more, and what is in flight fails, or hangs. */
  remove(what: 'fails' | 'hangs'): void {
    this.refuse = 'removed'
    if (what === 'fails') this.reset('loses')
    else for (const request of this.#engines.pending) request.state = 'stuck'
  }

  /** Back again, with its streams; what hung comes out as a fault. */
  comeBack(): void {
    this.refuse = undefined
    this.unstick(Status.fault)
  }

  #start(): void {
    this.#up = this.#options.starts?.(this.counts.lives) ?? true
    this.counts.lives++
    if (!this.#up) return
    this.#startedAt = this.#runtime.now()
    this.#engines = this.#newEngines()
    this.#slots = Array.from({ length: this.streams }, () => makeSlot(this.slotBytes))
    this.#free = [...this.#slots]
  }

  #stop(): void {
    if (this.#up && this.#free.length !== this.#slots.length && !(this.#options.putMs ?? 0)) {
      this.broken.push(`${this.#slots.length - this.#free.length} streams are missing at the end of a life`)
    }
    this.#up = false
    this.#slots = []
    this.#free = []
  }

  /** Each life has its own, so that timers of the one before are none of its business. */
  #newEngines(): ScriptedEngines {
    const { engines = Number.POSITIVE_INFINITY, serviceMs = 1 } = this.#options
    const after = (ms: number, run: () => void): void => this.#after(ms, run)
    const answered = (): void => void this.counts.answers++
    return new ScriptedEngines({ engines, serviceMs, after, answered })
  }

  #lend(): Slot | Unavailable {
    if (this.refuse) return this.refuse
    if (this.#runtime.now() - this.#startedAt < (this.#options.startMs ?? 0)) return 'starting'
    const slot = this.#free.pop()
    if (!slot) return 'exhausted'
    this.counts.lent++
    return slot
  }

  #stream(slot: Slot, owner: Owner, engine: Engine, lent: Map<ManagedStream, Slot>): ManagedStream {
    const { src, buffer } = slot
    // What a result does not cover is not to be mistaken for one.
    buffer.fill(0xee)
    const mustBeFree = (call: string): void => {
      if (!lent.has(stream)) this.broken.push(`${call} on a stream that is not out`)
      if (slot.request) this.broken.push(`${call} on a stream with a request in flight`)
    }
    const compress = (length: number): Promise<number> => {
      mustBeFree('compress')
      return this.#submit({ slot, owner, engine, length })
    }
    const submit = (length: number, ticket: number, answered: Answered): void => {
      mustBeFree('submit')
      this.#call({ slot, owner, engine, length }, (answer) => answered(ticket, answer))
    }
    const stream: ManagedStream =
      this.#options.answers === 'call' ? { src, buffer, compress, submit } : { src, buffer, compress }
    return stream
  }

  #takeBack(slot: Slot | undefined): void {
    this.counts.put++
    if (!slot) {
      this.broken.push('put of a stream that is not out')
      return
    }
    if (slot.request) this.broken.push('put of a stream with a request in flight')
    const { putMs = 0 } = this.#options
    if (putMs > 0) this.#after(putMs, () => this.#home(slot))
    else this.#home(slot)
  }

  #home(slot: Slot): void {
    if (this.#slots.includes(slot)) this.#free.push(slot)
  }

  #submit(at: { slot: Slot; owner: Owner; engine: Engine; length: number }): Promise<number> {
    const nth = this.counts.requests++
    const plan = this.script(nth, at.owner.setup)
    if (plan.how === 'throw') throw new Error('the device has no room')
    const note = (mistake: string): void => void this.broken.push(mistake)
    if (plan.how === 'bare' || plan.how === 'twice')
      return oddly(new ScriptedRequest(at, plan, nth, { note, resolve: nothing, reject: nothing }))
    return new Promise((resolve, reject) => {
      const request = new ScriptedRequest(at, plan, nth, { note, resolve, reject })
      at.slot.request = request
      this.#engines.submit(request)
    })
  }

  /** The same without a promise. */
  #call(at: { slot: Slot; owner: Owner; engine: Engine; length: number }, answered: (answer: number) => void): void {
    const nth = this.counts.requests++
    const plan = this.script(nth, at.owner.setup)
    if (plan.how === 'throw') throw new Error('the device has no room')
    const note = (mistake: string): void => void this.broken.push(mistake)
    const resolve = (answer: number): void => {
      answered(answer)
      if (plan.how === 'twice') answered(1)
    }
    const request = new ScriptedRequest(at, plan, nth, { note, resolve, reject: () => answered(Status.fault) })
    if (plan.how === 'bare') {
      answered(request.work())
      return
    }
    at.slot.request = request
    this.#engines.submit(request)
  }

  #commit(): void {
    this.counts.commits++
    if (this.#engines.commit()) this.counts.wakes++
  }

  #after(ms: number, run: () => void): void {
    this.timers++
    this.#runtime.after(ms, () => {
      this.timers--
      run()
    })
  }
}

const nothing = (): void => {}
