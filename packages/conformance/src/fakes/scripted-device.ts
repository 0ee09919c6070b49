/**
 * A device that does what a script says: refuses, fails, hangs, is late, answers twice, dies, resets, comes back. It compresses with the
 * software of whatever backend it stands behind, so its results are real; and it notes whatever core does to it that the contract forbids.
 */
import {
  type ManagedStream,
  type ManagedStreams,
  type Runtime,
  Status,
  type Unavailable,
  type ZcompOps,
  type ZcompParams,
  type ZcompSetup,
} from '@zcomp/core'
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
  /** Calls and requests so far, and `wakes`: commits that found something to begin. */
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
  #queue: ScriptedRequest[] = []
  readonly #pending = new Set<ScriptedRequest>()
  #running = 0
  #paused = false
  #due: (() => void)[] = []
  #up = false
  #startedAt = 0

  constructor(options: ScriptedOptions) {
    this.#options = options
    this.#runtime = options.runtime
    this.streams = options.streams ?? 8
    this.slotBytes = options.slotBytes ?? 65536
    this.script = options.script ?? (() => ({}))
  }

  /** Streams that could be lent now. */
  get free(): number {
    return this.#free.length
  }

  /** Requests without an answer. */
  get inFlight(): number {
    return this.#pending.size
  }

  /** A setup joins: its streams, and how it leaves. */
  attach(engine: Engine): { readonly streams: ManagedStreams; stop(): Promise<void> } {
    const nth = this.counts.setups++
    if (this.users++ === 0) this.#start()
    const joined = this.#up && (this.#options.joins?.(nth) ?? true)
    const owner: Owner = { setup: nth }
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
      for (const request of [...this.#pending]) if (request.owner === owner) this.#finish(request, Status.fault)
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
    for (const request of [...this.#pending]) if (request.state === 'stuck') this.#finish(request, answer)
  }

  /** Nothing begins and nothing is answered until `resume`. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    for (const run of this.#due.splice(0)) run()
    this.#begin()
  }

  /** Everything in flight is answered now: with a fault, or with its result. */
  reset(what: 'loses' | 'completes'): void {
    for (const request of [...this.#pending]) this.#finish(request, what === 'loses' ? Status.fault : undefined)
  }

  /** Gone: no stream any more, and what is in flight fails, or hangs. */
  remove(what: 'fails' | 'hangs'): void {
    this.refuse = 'removed'
    if (what === 'fails') this.reset('loses')
    else for (const request of this.#pending) request.state = 'stuck'
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
    this.#slots = Array.from({ length: this.streams }, (_, id) => makeSlot(id, this.slotBytes))
    this.#free = [...this.#slots]
  }

  #stop(): void {
    if (this.#up && this.#free.length !== this.#slots.length && !(this.#options.putMs ?? 0)) {
      this.broken.push(`${this.#slots.length - this.#free.length} streams are missing at the end of a life`)
    }
    this.#up = false
    this.#slots = []
    this.#free = []
    this.#queue = []
    this.#running = 0
  }

  #lend(): Slot | Unavailable {
    if (this.refuse) return this.refuse
    if (this.#runtime.now() - this.#startedAt < (this.#options.startMs ?? 0)) return 'starting'
    const slot = this.#free.pop()
    if (!slot) return 'exhausted'
    this.counts.lent++
    slot.generation++
    return slot
  }

  #stream(slot: Slot, owner: Owner, engine: Engine, lent: Map<ManagedStream, Slot>): ManagedStream {
    const { src, buffer } = slot
    // What a result does not cover is not to be mistaken for one.
    buffer.fill(0xee)
    const stream: ManagedStream = {
      src,
      buffer,
      compress: (length) => {
        if (!lent.has(stream)) this.broken.push('compress on a stream that is not out')
        if (slot.request) this.broken.push('compress on a stream with a request in flight')
        return this.#submit({ slot, owner, engine, length })
      },
    }
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
    if (plan.how === 'bare' || plan.how === 'twice') return oddly(new ScriptedRequest(at, plan, nth, plainly(note)))
    return new Promise((resolve, reject) => {
      const request = new ScriptedRequest(at, plan, nth, { note, resolve, reject })
      at.slot.request = request
      this.#pending.add(request)
      this.#queue.push(request)
    })
  }

  #commit(): void {
    this.counts.commits++
    if (this.#queue.length === 0) return
    this.counts.wakes++
    this.#begin()
  }

  #begin(): void {
    const { engines = Number.POSITIVE_INFINITY } = this.#options
    while (!this.#paused && this.#running < engines && this.#queue.length > 0) {
      const request = this.#queue.shift() as ScriptedRequest
      if (request.state !== 'queued') continue
      if (request.plan.how === 'never') {
        request.state = 'stuck'
        continue
      }
      this.#run(request)
    }
  }

  #run(request: ScriptedRequest): void {
    request.state = 'running'
    this.#running++
    const done = (): void => {
      if (this.#paused) {
        this.#due.push(done)
        return
      }
      this.#running = Math.max(0, this.#running - 1)
      if (request.state === 'running') this.#finish(request)
      this.#begin()
    }
    this.#after(request.plan.after ?? this.#options.serviceMs ?? 1, done)
  }

  #finish(request: ScriptedRequest, answer?: number): void {
    if (!this.#pending.delete(request)) return
    this.counts.answers++
    request.end(answer)
  }

  #after(ms: number, run: () => void): void {
    this.timers++
    this.#runtime.after(ms, () => {
      this.timers--
      run()
    })
  }
}

const plainly = (note: (mistake: string) => void) => ({ note, resolve: () => {}, reject: () => {} })

/** Answers without a promise, or by one that lies. */
function oddly(request: ScriptedRequest): Promise<number> {
  const wrote = request.work()
  if (request.plan.how === 'bare') return wrote as unknown as Promise<number>
  const lying = {
    // biome-ignore lint/suspicious/noThenProperty: a promise that settles twice is what is to be tried
    then(resolve: (answer: number) => void) {
      resolve(wrote)
      resolve(1)
    },
  }
  return lying as unknown as Promise<number>
}

/** The backend with such a device before it: the same name, format and software, and managed streams. */
export function scriptedDevice(
  ops: ZcompOps,
  options: ScriptedOptions,
): { readonly ops: ZcompOps; readonly device: ScriptedDevice } {
  const device = new ScriptedDevice(options)
  const caps = { ...ops.caps, managed: 'compress' } as const
  const setupParams = async (params: ZcompParams): ReturnType<ZcompOps['setupParams']> => {
    if (params.pageSize > device.slotBytes) {
      return { refused: 'pageSize', why: `must be at most ${device.slotBytes}, the size of the device's slots` }
    }
    const setup = await ops.setupParams(params)
    return 'refused' in setup ? setup : withDevice(setup, device)
  }
  return { ops: Object.freeze<ZcompOps>({ ...ops, caps, module: 'none', setupParams }), device }
}

function withDevice(setup: ZcompSetup, device: ScriptedDevice): ZcompSetup {
  const engine: Engine = { ctx: setup.createCtx() }
  const own = engine.ctx
  const { streams, stop } = device.attach(engine)
  return {
    createCtx: () => setup.createCtx(),
    managed: streams,
    async [Symbol.asyncDispose]() {
      await stop()
      if (own !== 'none') own[Symbol.dispose]()
      await setup[Symbol.asyncDispose]()
    },
  }
}
