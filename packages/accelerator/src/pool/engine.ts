/** One engine as main sees it, through all its lives: a worker, its rings, its health. */
import type { Runtime, WorkerHandle } from '@zcomp/core'
import type { EngineData, FromEngine, SetupMessage, ToEngine } from '../engine/messages.js'
import { HostRings, type OnAnswer } from '../rings/host.js'
import { word } from '../rings/layout.js'
import type { EngineState, EngineStats } from '../stats.js'
import type { EngineHost } from './engine-host.js'
import { parting } from './wait.js'
import { EngineWatch } from './watch.js'

const workerUrl = new URL('../engine/worker.js', import.meta.url).href

export class Engine {
  readonly index: number
  state: EngineState = 'off'
  why = ''
  rings: HostRings
  /** By futex: the pool's one word tells main. Otherwise a message does. */
  wakesBy: 'futex' | 'message'
  /** The worker's end, of the present run. */
  ended: Promise<void> = Promise.resolve()
  readonly #host: EngineHost
  readonly #runtime: Runtime
  readonly #onAnswer: OnAnswer
  /** Setups announced and not acknowledged, with the time of it. */
  readonly #unready = new Map<number, number>()
  /** To be announced when nothing else is unready. */
  #suspects: SetupMessage[] = []
  #handle: WorkerHandle | undefined
  #bellBy: 'futex' | 'message' = 'futex'
  #run = 0
  readonly #watch = new EngineWatch()
  #wasUp = false
  #killedAt = 0
  #parting: Promise<boolean> | undefined
  #stopped = false
  #hasEnded: () => void = () => {}

  constructor(index: number, host: EngineHost) {
    this.index = index
    this.#host = host
    this.#runtime = host.options.runtime
    this.rings = new HostRings(host.options.depth)
    this.wakesBy = host.wakeBy
    this.#onAnswer = (slot, generation, answer, micros) => host.onAnswer(this, slot, generation, answer, micros)
  }

  get bit(): number {
    return 1 << this.index
  }

  /** There are answers to come. One that is being ended is looked at when it has ended. */
  get busy(): boolean {
    return this.state === 'up' && this.rings.inFlight > 0
  }

  /** Requests that it can take now. */
  get room(): number {
    return this.state === 'up' ? this.#host.options.depth - this.rings.inFlight : 0
  }

  start(): void {
    const run = ++this.#run
    const { options, counts, wake, wakeBy } = this.#host
    this.state = 'starting'
    this.#watch.started(this.#runtime.now())
    this.#wasUp = false
    this.#parting = undefined
    counts.starts++
    this.ended = new Promise((resolve) => {
      this.#hasEnded = resolve
    })
    try {
      // New memory for every run: nothing of the last one can reach this one.
      if (run > 1) this.rings = new HostRings(options.depth)
      const data: EngineData = { rings: this.rings.memory, wake, wakeBy, spinMicros: options.spinMicros }
      this.#handle = this.#runtime.spawn({
        url: workerUrl,
        data,
        onMessage: (message) => {
          if (run === this.#run) this.#heard(message as FromEngine)
        },
        onExit: (error) => {
          if (run === this.#run) this.#exited(error)
        },
      })
      for (const setup of this.#host.setups(false)) this.announce(setup)
      this.#suspects = [...this.#host.setups(true)]
      this.#nextSuspect()
    } catch (error) {
      this.#exited(error)
    }
  }

  /** Has a context made for a setup. Told to a starting engine, it is the first thing that it hears. */
  announce(setup: SetupMessage): void {
    if (this.state !== 'starting' && this.state !== 'up') return
    this.#unready.set(setup.id, this.#runtime.now())
    try {
      this.#post(setup)
    } catch (error) {
      // Options that no message carries.
      this.#unready.delete(setup.id)
      this.#host.onFailed(this, setup.id, error instanceof Error ? error.message : String(error))
    }
  }

  /** One at a time, so that it is known which of them ends its engine. */
  #nextSuspect(): void {
    if (this.#unready.size > 0) return
    const suspect = this.#suspects.shift()
    if (suspect) this.announce(suspect)
  }

  release(id: number): void {
    this.#unready.delete(id)
    this.#suspects = this.#suspects.filter((suspect) => suspect.id !== id)
    if (this.state === 'starting' || this.state === 'up') this.#post({ type: 'release', id })
  }

  #post(message: ToEngine): void {
    this.#handle?.post(message)
    if (this.rings.mailed()) this.ring()
  }

  /** Wakes it. Expensive for main: only where it sleeps and has something to do. */
  ring(): void {
    this.#host.counts.bells++
    if (this.#bellBy === 'futex') this.rings.notify()
    else this.#handle?.post({ type: 'bell' })
  }

  push(slot: number, generation: number, setup: number, length: number): void {
    if (this.rings.inFlight === 0) this.#watch.busyAgain()
    this.rings.push(slot, generation, setup, length)
  }

  collect(): void {
    if (this.rings.collect(this.#onAnswer)) return
    this.kill('its rings are broken')
  }

  #heard(message: FromEngine): void {
    switch (message.type) {
      case 'up':
        this.#bellBy = message.bell
        this.wakesBy = message.wake
        this.#wasUp = true
        if (this.state === 'starting') this.state = 'up'
        break
      case 'ready':
        if (this.#unready.delete(message.id)) this.#host.onReady(this, message.id)
        this.#nextSuspect()
        break
      case 'failed':
        if (this.#unready.delete(message.id)) this.#host.onFailed(this, message.id, message.why)
        this.#nextSuspect()
        break
      case 'wake':
        this.#host.onWake()
    }
  }

  /**
   * Health, by demand rather than by timer, so that an idle pool keeps no process alive: called where no stream is to be had, and now and
   * then in traffic.
   */
  inspect(now: number): void {
    const { startMs, hangMs, graceMs } = this.#host.options
    if (this.#stopped) return
    if (this.state === 'off' || (this.state === 'dead' && this.#watch.mayRetry(now))) this.start()
    else if (this.state === 'starting' && this.#watch.runsFor(now) > startMs) this.kill(`not up after ${startMs} ms`)
    else if (this.state === 'up') {
      for (const since of this.#unready.values()) {
        if (now - since > startMs) this.kill(`not ready for a setup after ${startMs} ms`)
      }
      if (this.stuckFor(now) > hangMs) this.kill(`no answer for ${hangMs} ms`)
    } else if (this.state === 'ending' && now - this.#killedAt > startMs + graceMs) {
      // Native code that never returns: nothing ends such a thread but the end of the process. Should it end after all, it is started anew.
      this.state = 'gone'
      this.#host.onKill(this)
    }
  }

  /** Milliseconds since it was first seen with the requests that it still has. */
  stuckFor(now: number): number {
    return this.#watch.stuckFor(this.rings, now)
  }

  kill(why: string): void {
    if (this.state !== 'starting' && this.state !== 'up') return
    this.why = why
    this.#killedAt = this.#runtime.now()
    this.#host.counts.hangs++
    void this.#part()
    this.#host.onKill(this)
  }

  /** For good. Resolves when the worker has ended, or will not. True: it has. */
  stop(): Promise<boolean> {
    this.#stopped = true
    return this.#part()
  }

  /** One that is well leaves by itself, at the latest after its present request. Where it does not, or has not begun, its thread is ended. */
  #part(): Promise<boolean> {
    const handle = this.#handle
    if (handle === undefined) return Promise.resolve(true)
    this.state = 'ending'
    if (!this.#parting && this.rings.leave()) this.ring()
    this.#parting ??= parting(handle, this.ended, this.rings.begun, this.#host.options)
    return this.#parting
  }

  #exited(error: unknown): void {
    const { options, counts } = this.#host
    const asked = this.state === 'ending' || this.state === 'gone'
    // Whatever it had answered is good: it was written before it ended.
    this.rings.collect(this.#onAnswer)
    this.#run++
    this.#handle = undefined
    const unready = this.#wasUp ? [...this.#unready.keys()] : []
    this.#unready.clear()
    if (!asked) {
      counts.deaths++
      this.why = error instanceof Error ? error.message : error ? String(error) : 'it ended by itself'
    }
    this.state = this.#stopped
      ? 'dead'
      : this.#watch.ended(this.#runtime.now(), options.restarts, options.runtime.random())
    this.#hasEnded()
    this.#host.onEnd(this, unready)
  }

  stats(): EngineStats {
    const { state, why, rings } = this
    return {
      state,
      why,
      inFlight: rings.inFlight,
      asleep: rings.asleep,
      failures: this.#watch.failures,
      sleeps: rings.counter(word.sleeps),
      limits: rings.counter(word.limits),
      lost: rings.counter(word.lost),
      wakes: rings.counter(word.wakes),
    }
  }
}
