/** The stretch of a context's `input` through which pages pass, many at a time, with views made once. */
import type { StreamLease } from '../zcomp/lease.js'
import { isSameFilled } from './same-filled.js'

export class Staging {
  readonly pageSize: number
  readonly input: Uint8Array
  /** A view for each page of `input`. */
  readonly pages: readonly Uint8Array[]
  readonly #words: Int32Array | undefined
  readonly #wordsPerPage: number
  #owner: object | undefined
  #from = 0
  #to = 0

  constructor(stream: StreamLease, pageSize: number) {
    const count = Math.floor(stream.input.length / pageSize)
    this.pageSize = pageSize
    this.input = stream.input
    this.pages = Array.from({ length: count }, (_, i) => stream.input.subarray(i * pageSize, (i + 1) * pageSize))
    this.#wordsPerPage = pageSize >> 2
    const { buffer, byteOffset } = stream.input
    this.#words = byteOffset % 4 === 0 ? new Int32Array(buffer, byteOffset, count * this.#wordsPerPage) : undefined
  }

  get capacity(): number {
    return this.pages.length * this.pageSize
  }

  /** The number of the staged page that holds the owner's bytes from `at` on; more of `bytes` is staged where it is not there yet. */
  stage(owner: object, bytes: Uint8Array, at: number): number {
    if (this.#owner === owner && at >= this.#from && at < this.#to) return (at - this.#from) / this.pageSize
    const whole = Math.floor((bytes.length - at) / this.pageSize) * this.pageSize
    const length = Math.min(this.capacity, whole)
    this.input.set(at === 0 && length === bytes.length ? bytes : bytes.subarray(at, at + length))
    this.#owner = owner
    this.#from = at
    this.#to = at + length
    return 0
  }

  /** Somebody else uses `input` now. */
  release(): void {
    this.#owner = undefined
  }

  /** Whether a staged page is one word over and over. */
  isSame(nth: number): boolean {
    if (this.#words) return isSameFilled(this.#words, nth * this.#wordsPerPage, this.#wordsPerPage)
    const copy = (this.pages[nth] as Uint8Array).slice()
    return isSameFilled(new Int32Array(copy.buffer), 0, this.#wordsPerPage)
  }

  /** Halves of the first 8-byte word of a staged page. */
  low(nth: number): number {
    return this.#half(nth, 0)
  }

  high(nth: number): number {
    return this.#half(nth, 4)
  }

  #half(nth: number, at: number): number {
    const page = this.pages[nth] as Uint8Array
    const [a = 0, b = 0, c = 0, d = 0] = [page[at], page[at + 1], page[at + 2], page[at + 3]]
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
  }
}
