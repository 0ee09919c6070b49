/** What callers asked for and has not ended: where it stands, and how it ends. */
import type { Queued } from '../zcomp/queue.js'
import { Errno } from './errno.js'

/** Ends exactly once, with `Errno.ok` or the first error, when everything that it started is over. */
export abstract class Request implements Queued<Request> {
  /** First byte on the device. */
  readonly offset: number
  /** Byte after the last. */
  readonly end: number
  /** Where the part begins that is not started yet. */
  at: number
  /** Pages with a device. */
  inFlight = 0
  errno: Errno = Errno.ok
  ended = false
  /** Another reason to fail than an errno of the inner parts, for the caller's eyes. */
  misuse: string | undefined
  prev: Request | undefined
  next: Request | undefined
  #waiting: (() => void)[] | undefined

  constructor(offset: number, length: number) {
    this.offset = offset
    this.end = offset + length
    this.at = offset
  }

  get failed(): boolean {
    return this.errno !== Errno.ok || this.misuse !== undefined
  }

  /** Whether nothing more will be started: all of it was, or it failed. */
  get started(): boolean {
    return this.at >= this.end || this.failed
  }

  /** Calls `run` when the request ends, at once where it has. */
  whenEnded(run: () => void): void {
    if (this.ended) run()
    else if (this.#waiting) this.#waiting.push(run)
    else this.#waiting = [run]
  }

  fail(errno: Errno): void {
    if (this.errno === Errno.ok) this.errno = errno
  }

  /** A page that was with a device is over. */
  landed(errno: Errno): void {
    this.inFlight--
    if (errno !== Errno.ok) this.fail(errno)
    this.endIfOver()
  }

  endIfOver(): void {
    if (this.ended || !this.started || this.inFlight > 0) return
    this.ended = true
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.forEach((run) => {
      run()
    })
  }
}

/** Bytes for the device, or from it. They are the caller's: he must leave them alone until the request ends. */
export class DataRequest extends Request {
  readonly data: Uint8Array

  constructor(offset: number, data: Uint8Array) {
    super(offset, data.length)
    this.data = data
  }

  /** Whether the caller's memory is still what it was. Fails the request where it is not. */
  intact(): boolean {
    if (this.data.length === this.end - this.offset) return true
    this.misuse = `the buffer had ${this.end - this.offset} bytes when the request was made and has ${this.data.length} now: it was detached or resized`
    return false
  }
}

export class WriteRequest extends DataRequest {}

export class ReadRequest extends DataRequest {}

/** Whole pages to be forgotten. */
export class DiscardRequest extends Request {}
