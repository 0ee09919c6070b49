/**
 * A device that works like a GPU: nothing starts before `commit`, what was submitted by then starts in groups, each group takes a
 * time, and a group's answers come last first. It lives in the `Runtime` that it is given, so it runs in virtual time as well.
 */
import {
  type Answered,
  type ManagedStream,
  type ManagedStreams,
  type Runtime,
  realRuntime,
  Status,
  type Unavailable,
} from '@zcomp/core'

/** What goes wrong with one request. `hang`: no answer before the setup ends. */
export type Fault = 'fault' | 'reject' | 'hang' | { readonly delayMs: number } | { readonly answer: number }

/** Decides what goes wrong; requests and calls of `getStream` are counted from 0. Absent or undefined: nothing. */
export interface FaultScript {
  readonly request?: (n: number) => Fault | undefined
  readonly refuse?: (n: number) => Unavailable | undefined
}

export interface BatchDeviceOptions {
  /** Default 8. */
  readonly streams?: number
  /** Requests that one launch takes. Default 4. */
  readonly group?: number
  /** What a launch takes, whatever its size. Default 1. */
  readonly serviceMs?: number
  /** Bytes of `src` and of `buffer`, and with it the largest page. Default 65536. */
  readonly slotBytes?: number
  /** Default: real time. */
  readonly runtime?: Runtime
  readonly script?: FaultScript
  /** `call`: its streams have `submit`. Default `promise`. */
  readonly answers?: 'promise' | 'call'
}

/** Compresses for one setup, as its device would. */
export type Encode = (src: Uint8Array, dst: Uint8Array) => number

/** One setup's streams, and how to end them: what is pending is answered with a fault, the memory is not touched again. */
export interface DeviceFace {
  readonly streams: ManagedStreams
  stop(): void
}

interface Request {
  readonly slot: Slot
  readonly face: object
  readonly length: number
  readonly encode: Encode
  readonly fault: Fault | undefined
  readonly answer: (wrote: number) => void
  readonly reject: (error: Error) => void
}

interface Slot {
  readonly src: Uint8Array
  readonly buffer: Uint8Array
}

interface Launch {
  readonly requests: readonly Request[]
  readonly dueAt: number
}

/** The pool; several setups may share it. */
export class BatchDevice {
  /** What the device says to whoever asks for a stream; `'up'` lends. Change it at any time. */
  health: 'up' | Unavailable = 'up'
  /** Counters: requests, answers, launches, calls of `commit`, calls of `getStream`. */
  readonly counts = { requests: 0, answers: 0, launches: 0, commits: 0, asked: 0 }
  readonly streams: number
  readonly slotBytes: number
  readonly #options: Required<Omit<BatchDeviceOptions, 'streams' | 'slotBytes'>>
  readonly #free: Slot[]
  #queued: Request[] = []
  readonly #running: Launch[] = []
  readonly #pending = new Set<Request>()
  #busyUntil = 0

  constructor({ streams = 8, slotBytes = 65536, ...options }: BatchDeviceOptions = {}) {
    this.streams = streams
    this.slotBytes = slotBytes
    this.#options = { group: 4, serviceMs: 1, runtime: realRuntime, script: {}, answers: 'promise', ...options }
    this.#free = Array.from({ length: streams }, () => ({
      src: new Uint8Array(slotBytes),
      buffer: new Uint8Array(slotBytes),
    }))
  }

  get inFlight(): number {
    return this.#pending.size
  }

  attach(encode: Encode): DeviceFace {
    const face = {}
    const faceStreams = new Map<ManagedStream, Slot>()
    let stopped = false
    const streams: ManagedStreams = {
      streams: this.streams,
      getStream: () => {
        const slot = stopped ? 'removed' : this.#lend()
        if (typeof slot === 'string') return slot
        const { src, buffer } = slot
        const compress = (length: number): Promise<number> =>
          new Promise((answer, reject) => this.#submit({ slot, face, length, encode, answer, reject }))
        const submit = (length: number, ticket: number, answered: Answered): void => {
          const answer = (wrote: number): void => answered(ticket, wrote)
          this.#submit({ slot, face, length, encode, answer, reject: () => answer(Status.fault) })
        }
        const calls = this.#options.answers === 'call'
        const stream: ManagedStream = calls ? { src, buffer, compress, submit } : { src, buffer, compress }
        faceStreams.set(stream, slot)
        return stream
      },
      putStream: (stream) => {
        const slot = faceStreams.get(stream)
        if (slot && faceStreams.delete(stream)) this.#free.push(slot)
      },
      commit: () => this.#commit(),
    }
    return {
      streams,
      stop: () => {
        stopped = true
        for (const request of [...this.#pending]) if (request.face === face) this.#answer(request, Status.fault)
        this.#free.push(...faceStreams.values())
        faceStreams.clear()
      },
    }
  }

  #lend(): Slot | Unavailable {
    const asked = this.counts.asked++
    const refusal = this.#options.script.refuse?.(asked)
    if (refusal) return refusal
    if (this.health !== 'up') return this.health
    return this.#free.pop() ?? 'exhausted'
  }

  #submit(asked: Omit<Request, 'fault'>): void {
    const n = this.counts.requests++
    const request = { ...asked, fault: this.#options.script.request?.(n) }
    this.#pending.add(request)
    this.#queued.push(request)
  }

  /** Looks for launches that are over, then starts what has been submitted. */
  #commit(): void {
    this.counts.commits++
    this.#collect()
    const { group, serviceMs, runtime } = this.#options
    const queued = this.#queued
    this.#queued = []
    for (let at = 0; at < queued.length; at += group) {
      this.#busyUntil = Math.max(this.#busyUntil, runtime.now()) + serviceMs
      const launch = { requests: queued.slice(at, at + group), dueAt: this.#busyUntil }
      this.#running.push(launch)
      this.counts.launches++
      this.#wait(launch)
    }
  }

  /** Timers count whole milliseconds, so one may come a little before its launch is over: then it waits for the rest. */
  #wait(launch: Launch): void {
    const { runtime } = this.#options
    runtime.after(Math.max(0, launch.dueAt - runtime.now()), () => {
      this.#collect()
      if (this.#running.includes(launch)) this.#wait(launch)
    })
  }

  #collect(): void {
    const now = this.#options.runtime.now()
    while (this.#running[0] && this.#running[0].dueAt <= now) {
      for (const request of [...this.#running.shift()!.requests].reverse()) this.#complete(request)
    }
  }

  #complete(request: Request): void {
    const { fault } = request
    if (fault === undefined) this.#encode(request)
    else if (fault === 'fault') this.#answer(request, Status.fault)
    else if (fault === 'reject') this.#reset(request)
    else if (fault === 'hang') return
    else if ('answer' in fault) this.#answer(request, fault.answer)
    else this.#options.runtime.after(fault.delayMs, () => this.#encode(request))
  }

  #reset(request: Request): void {
    if (this.#pending.delete(request)) request.reject(new Error('the device was reset'))
  }

  #encode(request: Request): void {
    if (!this.#pending.has(request)) return
    const { slot, length, encode } = request
    this.#answer(request, encode(slot.src.subarray(0, length), slot.buffer))
  }

  #answer(request: Request, wrote: number): void {
    if (!this.#pending.delete(request)) return
    this.counts.answers++
    request.answer(wrote)
  }
}
