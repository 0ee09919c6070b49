/** One slot's two pages, lent to one setup at a time. */
import { type Answered, type ManagedStream, ZcompError } from '@zcomp/core'
import type { Member } from './member.js'

/** `waiting`: submitted, not sent. `flying`: in an engine's ring. `lost`: an engine that cannot be ended may still write to it. */
export type StreamState = 'free' | 'lent' | 'waiting' | 'flying' | 'lost'

export class PooledStream implements ManagedStream {
  readonly slot: number
  readonly src: Uint8Array
  readonly buffer: Uint8Array
  state: StreamState = 'free'
  member: Member | undefined
  /** Index of the engine that has it, or -1. */
  engine = -1
  length = 0
  /** The next of its setup's requests that wait. */
  next: PooledStream | undefined
  #ticket = 0
  #answered: Answered = nobody
  #resolve: (answer: number) => void = nothing
  /** Made once, so that a request allocates its promise and no closure. */
  readonly #keep = (resolve: (answer: number) => void): void => {
    this.#resolve = resolve
  }

  constructor(slot: number, memory: SharedArrayBuffer, pageSize: number) {
    this.slot = slot
    this.src = new Uint8Array(memory, 2 * slot * pageSize, pageSize)
    this.buffer = new Uint8Array(memory, (2 * slot + 1) * pageSize, pageSize)
  }

  /** Throws EINVAL for a stream that is not lent or a length out of range, EBUSY while a request is out. */
  compress(length: number): Promise<number> {
    const member = this.#holder(length)
    this.#answered = this.#resolves
    const answer = new Promise(this.#keep)
    this.length = length
    member.submit(this)
    return answer
  }

  /** Throws as `compress` does. */
  submit(length: number, ticket: number, answered: Answered): void {
    const member = this.#holder(length)
    this.#ticket = ticket
    this.#answered = answered
    this.length = length
    member.submit(this)
  }

  #holder(length: number): Member {
    const { member } = this
    if (member !== undefined && this.state === 'lent' && length > 0 && length <= this.src.length) return member
    throw this.#misused(length)
  }

  #misused(length: number): Error {
    const busy = this.state === 'waiting' || this.state === 'flying'
    const why = busy
      ? 'a request is out on this stream'
      : this.state === 'lent'
        ? `length must be from 1 to ${this.src.length}, not ${length}`
        : 'this stream is not lent'
    if (this.member) this.member.misused()
    return new ZcompError(busy ? 'EBUSY' : 'EINVAL', `accelerator: ${why}`)
  }

  /** The last that is done for a request: whoever hears of it may put the stream at once. */
  settle(answer: number): void {
    const answered = this.#answered
    this.#answered = nobody
    answered(this.#ticket, answer)
  }

  readonly #resolves = (_ticket: number, answer: number): void => {
    const resolve = this.#resolve
    this.#resolve = nothing
    resolve(answer)
  }
}

/** The slots of one page size, as they lie in shared memory: `src` and `buffer` of slot 0, of slot 1, … */
export class SlotMemory {
  readonly shared: SharedArrayBuffer
  readonly streams: readonly PooledStream[]

  constructor(slots: number, pageSize: number) {
    const shared = new SharedArrayBuffer(2 * slots * pageSize)
    this.shared = shared
    this.streams = Array.from({ length: slots }, (_, slot) => new PooledStream(slot, shared, pageSize))
  }
}

const nothing = (): void => {}
const nobody: Answered = nothing
