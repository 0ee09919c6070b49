/** Managed streams whose answers come when they are told to, each by hand. */
import {
  type ManagedStream,
  type ManagedStreams,
  Status,
  type Unavailable,
  type ZcompCtx,
  type ZcompOps,
} from '@zcomp/core'

interface Request {
  readonly nth: number
  readonly slot: number
  readonly resolve: (answer: number) => void
  readonly length: number
}

export class HandDevice {
  /** What core did that it must not. */
  readonly broken: string[] = []
  readonly pending: Request[] = []
  /** Breaks it on purpose: a stream is lent again while its request is out, or results are those of the page before. */
  lie: 'none' | 'lends twice' | 'stale' = 'none'
  #last = new Uint8Array(0)
  readonly #streams: ManagedStream[]
  readonly #free: ManagedStream[]
  #ctx: ZcompCtx | undefined
  #requests = 0
  #ended = false

  /** `calls`: answers by call, not by promise. */
  constructor(slots: number, pageSize: number, calls: boolean) {
    this.#streams = Array.from({ length: slots }, (_, slot) => this.#stream(slot, pageSize, calls))
    this.#free = [...this.#streams]
  }

  get allHome(): boolean {
    return this.#free.length === this.#streams.length
  }

  /** The backend with this device before it. */
  before(ops: ZcompOps): ZcompOps {
    const setupParams: ZcompOps['setupParams'] = async (params) => {
      const setup = await ops.setupParams(params)
      if ('refused' in setup) return setup
      this.#ctx = setup.createCtx()
      const end = async (): Promise<void> => {
        this.#ended = true
        await setup[Symbol.asyncDispose]()
      }
      return { createCtx: () => setup.createCtx(), managed: this.#face(), [Symbol.asyncDispose]: end }
    }
    return { ...ops, caps: { ...ops.caps, managed: 'compress' }, module: 'none', setupParams }
  }

  answer(nth: number, how: 'result' | 'fault'): void {
    const at = this.pending.findIndex((request) => request.nth === nth)
    const { slot, resolve, length } = this.pending.splice(at, 1)[0]!
    const { src, buffer } = this.#streams[slot]!
    if (how === 'fault') {
      // What a failing device leaves in the buffer is nobody's result.
      buffer.fill(0xee)
      resolve(Status.fault)
      return
    }
    const ctx = this.#ctx!
    ctx.input.set(src.subarray(0, length))
    const wrote = ctx.compress(0, length)
    const result = ctx.buffer.slice(0, Math.max(0, wrote))
    const told = this.lie === 'stale' && this.#last.length > 0 ? this.#last : result
    this.#last = result
    buffer.set(told)
    resolve(wrote > 0 ? told.length : wrote)
  }

  #face(): ManagedStreams {
    return {
      streams: this.#streams.length,
      getStream: (): ManagedStream | Unavailable =>
        this.lie === 'lends twice' ? this.#streams[0]! : (this.#free.pop() ?? 'exhausted'),
      putStream: (stream) => {
        if (this.#ended) this.broken.push('put after the end')
        if (this.#free.includes(stream)) this.broken.push('put twice')
        if (this.pending.some(({ slot }) => this.#streams[slot] === stream)) this.broken.push('put in flight')
        this.#free.push(stream)
      },
      commit() {},
    }
  }

  #stream(slot: number, pageSize: number, calls: boolean): ManagedStream {
    const enter = (length: number, resolve: (answer: number) => void): void => {
      this.pending.push({ nth: ++this.#requests, slot, resolve, length })
    }
    const stream: ManagedStream = {
      src: new Uint8Array(pageSize),
      buffer: new Uint8Array(pageSize),
      compress: (length) => new Promise((resolve) => enter(length, resolve)),
    }
    if (!calls) return stream
    return {
      ...stream,
      submit: (length, ticket, answered) => enter(length, (answer) => answered(ticket, answer)),
    }
  }
}
