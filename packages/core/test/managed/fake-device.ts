/** A device that does what a script says, and notes whatever a desk does to it that the contract forbids. */
import {
  type Answered,
  defineBackend,
  type ManagedStream,
  type ManagedStreams,
  type Runtime,
  Status,
  simpleCtx,
  type Unavailable,
  type ZcompOps,
} from '../../src/index.js'
import { toyCompress, toyDecompress } from '../support/toy.js'

/** How devices that are made from now on answer: by promise, or by `submit`. A suite sets it, `describeBoth`. */
export const fakeAnswers: { by: 'promise' | 'call' } = { by: 'promise' }

/** What becomes of a request: after so many milliseconds (0: at the next commit) it is answered, by default with its true result. */
export interface Plan {
  readonly after?: number
  readonly answer?: unknown
  /** Spoils the result, which was written to the front of `buffer`. */
  readonly spoil?: (buffer: Uint8Array, length: number) => void
  readonly how?: 'answer' | 'never' | 'throw' | 'reject' | 'thenable twice' | 'not a promise'
}

export type Script = (nth: number) => Plan

export interface FakeOptions {
  readonly streams?: number
  readonly pageSize?: number
  readonly script?: Script
}

export class FakeDevice implements ManagedStreams {
  /** What the desk did wrong. */
  readonly broken: string[] = []
  readonly calls = { getStream: 0, putStream: 0, commit: 0 }
  /** Says so instead of lending. */
  refuse: Unavailable | undefined
  requests = 0
  /** The setup has ended: nothing may be called any more. */
  ended = false
  readonly streams: number
  script: Script
  readonly #runtime: Runtime
  readonly #free: FakeStream[]
  readonly #lent = new Set<ManagedStream>()
  #ready: (() => void)[] = []
  readonly #stuck: ((answer: number) => void)[] = []

  constructor(runtime: Runtime, { streams = 4, pageSize = 4096, script = () => ({}) }: FakeOptions = {}) {
    this.#runtime = runtime
    this.streams = streams
    this.script = script
    const Stream = fakeAnswers.by === 'call' ? CallingStream : FakeStream
    this.#free = Array.from({ length: streams }, () => new Stream(this, pageSize))
  }

  get free(): number {
    return this.#free.length
  }

  getStream(): ManagedStream | Unavailable {
    this.calls.getStream++
    this.#mustLive('getStream')
    if (this.refuse) return this.refuse
    const stream = this.#free.pop()
    if (!stream) return 'exhausted'
    this.#lent.add(stream)
    return stream
  }

  putStream(stream: ManagedStream): void {
    this.calls.putStream++
    this.#mustLive('putStream')
    if (!this.#lent.delete(stream)) this.broken.push('put of a stream that is not out')
    if ((stream as FakeStream).busy) this.broken.push('put of a stream with a request in flight')
    this.#free.push(stream as FakeStream)
  }

  commit(): void {
    this.calls.commit++
    this.#mustLive('commit')
    const ready = this.#ready
    this.#ready = []
    for (const go of ready) go()
  }

  /** Answers every request that was to hang. */
  unstick(answer: number): void {
    for (const settle of this.#stuck.splice(0)) settle(answer)
  }

  submit(stream: FakeStream, length: number): Promise<number> {
    const plan = this.#begin(stream)
    const result = this.#result(stream, length, plan)
    if (plan.how === 'not a promise') return result() as unknown as Promise<number>
    if (plan.how === 'thenable twice') return twice(result) as unknown as Promise<number>
    return new Promise<number>((resolve, reject) => {
      this.#when(plan, (given) => {
        const own = result()
        if (plan.how === 'reject') reject(new Error('fake device: rejects'))
        else resolve(given ?? own)
      })
    })
  }

  /** The same by call. Not a promise: an answer within the call. Twice: the second time with 1. */
  call(stream: FakeStream, length: number, answered: (answer: number) => void): void {
    const plan = this.#begin(stream)
    const result = this.#result(stream, length, plan)
    if (plan.how === 'not a promise') {
      answered(result())
      return
    }
    this.#when(plan, (given) => {
      const own = result()
      answered(plan.how === 'reject' ? Status.fault : (given ?? own))
      if (plan.how === 'thenable twice') answered(1)
    })
  }

  #begin(stream: FakeStream): Plan {
    const plan = this.script(this.requests++)
    if (!this.#lent.has(stream)) this.broken.push('compress on a stream that is not out')
    if (plan.how !== 'throw') return plan
    stream.busy = false
    throw new Error('fake device: throws')
  }

  #result(stream: FakeStream, length: number, { answer, spoil }: Plan): () => number {
    return () => {
      stream.busy = false
      const wrote = toyCompress(stream.src.subarray(0, length), stream.buffer)
      spoil?.(stream.buffer, wrote)
      return (answer ?? wrote) as number
    }
  }

  #when({ how, after = 0 }: Plan, settle: (given?: number) => void): void {
    if (how === 'never') this.#stuck.push(settle)
    else if (after > 0) this.#runtime.after(after, settle)
    else this.#ready.push(settle)
  }

  #mustLive(call: string): void {
    if (this.ended) this.broken.push(`${call} after the setup has ended`)
  }
}

class FakeStream implements ManagedStream {
  readonly src: Uint8Array
  readonly buffer: Uint8Array
  busy = false
  protected readonly device: FakeDevice

  constructor(device: FakeDevice, pageSize: number) {
    this.device = device
    this.src = new Uint8Array(pageSize)
    this.buffer = new Uint8Array(2 * pageSize)
  }

  compress(length: number): Promise<number> {
    this.begin()
    return this.device.submit(this, length)
  }

  protected begin(): void {
    if (this.busy) this.device.broken.push('compress on a stream with a request in flight')
    this.busy = true
  }
}

class CallingStream extends FakeStream {
  submit(length: number, ticket: number, answered: Answered): void {
    this.begin()
    this.device.call(this, length, (answer) => answered(ticket, answer))
  }
}

function twice(result: () => number): unknown {
  return {
    // biome-ignore lint/suspicious/noThenProperty: a lying promise is what is to be tried
    then(resolve: (answer: number) => void) {
      resolve(result())
      resolve(1)
    },
  }
}

/** The toy codec with this device: its setup ends, once `before` has, as one should, with every request answered first. */
export function behind(device: FakeDevice, pageSize: number, before?: Promise<void>): ZcompOps {
  return defineBackend({
    name: 'fake',
    format: 'toy',
    caps: {
      levels: 'none',
      dict: 'none',
      winbits: 'none',
      pageSizes: { min: pageSize, max: pageSize },
      managed: 'compress',
    },
    module: 'none',
    async setupParams() {
      return {
        createCtx: () => simpleCtx({ pageSize, compress: toyCompress, decompress: toyDecompress }),
        managed: device,
        async [Symbol.asyncDispose]() {
          await before
          device.unstick(Status.fault)
          await null
          await null
          device.ended = true
        },
      }
    },
  })
}
