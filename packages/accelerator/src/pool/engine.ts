/** One engine as main sees it, through all its lives: a worker, its rings, its health. */
import type { Runtime, WorkerHandle } from '@zcomp/core'
import type { EngineData, FromEngine, SetupMessage, ToEngine } from '../engine/messages.js'
import type { AcceleratorOptions } from '../options.js'
import { HostRings, type OnAnswer } from '../rings/host.js'
import { word } from '../rings/layout.js'
import type { AcceleratorCounts, EngineState, EngineStats } from '../stats.js'
import { within } from './wait.js'

const workerUrl = new URL('../engine/worker.js', import.meta.url).href

/** A run of this length was a success, whatever ends it. */
const stableMs = 10_000
const firstPauseMs = 100
const longestPauseMs = 10_000

/** What an engine needs of its pool. */
export interface EngineHost {
  readonly options: AcceleratorOptions
  readonly counts: AcceleratorCounts
  readonly wake: SharedArrayBuffer
  readonly wakeBy: 'futex' | 'message'
  /** What every new run has to be told first; or, of that, what was not ready when its engine ended. */
  setups(suspect: boolean): Iterable<SetupMessage>
  onAnswer(engine: Engine, slot: number, generation: number, answer: number, serviceMicros: number): void
  onReady(engine: Engine, setup: number): void
  onFailed(engine: Engine, setup: number, why: string): void
  onWake(): void
  /** It is being ended by force: nothing more is sent to it. */
  onKill(engine: Engine): void
  /** The worker has ended: it touches no shared memory any more. `unready`: setups that it had not got ready. */
  onEnd(engine: Engine, unready: readonly number[]): void
}

export class Engine {
  readonly index: number
  state: EngineState = 'off'
  why = ''
  failures = 0
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
  #upSince = 0
  #retryAt = 0
  #seenTaken = 0
  #seenAt = 0
  #fresh = true
  #wasUp = false
  #killedAt = 0
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
    this.#upSince = this.#runtime.now()
    this.#fresh = true
    this.#wasUp = false
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
    this.#post(setup)
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
    if (this.rings.inFlight === 0) this.#fresh = true
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
    const { startMs, hangMs } = this.#host.options
    if (this.#stopped) return
    if (this.state === 'off' || (this.state === 'dead' && now >= this.#retryAt)) this.start()
    else if (this.state === 'starting' && now - this.#upSince > startMs) this.kill(`not up after ${startMs} ms`)
    else if (this.state === 'up') {
      for (const since of this.#unready.values()) {
        if (now - since > startMs) this.kill(`not ready for a setup after ${startMs} ms`)
      }
      if (this.stuckFor(now) > hangMs) this.kill(`no answer for ${hangMs} ms`)
    } else if (this.state === 'ending' && now - this.#killedAt > startMs) {
      // Native code that never returns: nothing ends such a thread but the end of the process. Should it end after all, it is started anew.
      this.state = 'gone'
      this.#host.onKill(this)
    }
  }

  /** Milliseconds since it was first seen with the requests that it still has. */
  stuckFor(now: number): number {
    const { taken, inFlight } = this.rings
    if (inFlight === 0) return 0
    if (this.#fresh || taken !== this.#seenTaken) {
      this.#fresh = false
      this.#seenTaken = taken
      this.#seenAt = now
    }
    return now - this.#seenAt
  }

  kill(why: string): void {
    if (this.state !== 'starting' && this.state !== 'up') return
    this.state = 'ending'
    this.why = why
    this.#killedAt = this.#runtime.now()
    this.#host.counts.hangs++
    void this.#handle?.terminate()
    this.#host.onKill(this)
  }

  /** For good. Resolves when the worker has ended, or will not. True: it has. */
  async stop(): Promise<boolean> {
    this.#stopped = true
    const { graceMs } = this.#host.options
    if (this.#handle === undefined) return true
    if (this.state === 'up') {
      this.state = 'ending'
      this.#post({ type: 'stop' })
      if (await within(this.#runtime, graceMs, this.ended)) return true
    }
    this.state = 'ending'
    void this.#handle?.terminate()
    return within(this.#runtime, graceMs, this.ended)
  }

  #exited(error: unknown): void {
    const { options, counts } = this.#host
    const now = this.#runtime.now()
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
    if (!this.#stopped) this.#pause(now, options)
    else this.state = 'dead'
    this.#hasEnded()
    this.#host.onEnd(this, unready)
  }

  /** A run that lasted was a success; after too many short ones it stays away. */
  #pause(now: number, { restarts, runtime }: AcceleratorOptions): void {
    if (now - this.#upSince > stableMs) this.failures = 0
    this.failures++
    this.state = this.failures > restarts ? 'gone' : 'dead'
    const pause = Math.min(firstPauseMs * 2 ** (this.failures - 1), longestPauseMs)
    // Not all at once, where several have failed together.
    this.#retryAt = now + pause * (0.5 + runtime.random() / 2)
  }

  stats(): EngineStats {
    const { state, why, failures, rings } = this
    return {
      state,
      why,
      inFlight: rings.inFlight,
      asleep: rings.asleep,
      failures,
      sleeps: rings.counter(word.sleeps),
      limits: rings.counter(word.limits),
      lost: rings.counter(word.lost),
      wakes: rings.counter(word.wakes),
    }
  }
}
