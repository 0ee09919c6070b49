import type { ZcompCtx } from '@zcomp/core'
import { granule } from '@zcomp/harness/pages'
import { repeatsOneWord } from '../../../work.js'
import { KeptPages } from '../../kept.js'
import type { Writable } from '../passes.js'
import { type Shared, slots, word } from './layout.js'

/** Pages that the engine has at most, as under the policy that assists. */
const mostInFlight = 16
/** Pages that the engine is told of at a time, once it has as many. */
const pagesPerRing = 4
/** An engine that has answered nothing for so long, in milliseconds, has ended: main spins, and hears of it no other way. */
const silenceMs = 5000

/** Main's side: pages go to the engine while it has few, and are compressed here otherwise. */
export class Pipeline {
  readonly kept: KeptPages
  readonly #ctx: ZcompCtx
  readonly #shared: Shared
  /** Views made once: words and pages of `ctx.input`. */
  readonly #inputWords: Int32Array
  readonly #staged: readonly Uint8Array[]
  readonly #free: Int32Array = Int32Array.from({ length: slots }, (_, slot) => slot)
  #freeCount: number = slots
  readonly #pageOf = new Int32Array(slots)
  #requested = 0
  #told = 0
  #answered = 0

  constructor(ctx: ZcompCtx, shared: Shared, pages: number) {
    const { input } = ctx
    const count = Math.floor(input.length / granule)
    this.kept = new KeptPages(pages)
    this.#ctx = ctx
    this.#shared = shared
    this.#inputWords = new Int32Array(input.buffer, input.byteOffset, (count * granule) / 4)
    this.#staged = Array.from({ length: count }, (_, i) => input.subarray(i * granule, (i + 1) * granule))
  }

  /** Requests follow each other without a pause, as they do where many are outstanding. */
  get unending(): Writable {
    return { write: (at, data) => this.#write(at, data, () => mostInFlight), drain: () => this.drain() }
  }

  /** Each is waited for. At its end the engine has no more pages than wait here, so that both end together. */
  get oneByOne(): Writable {
    return {
      write: (at, data) => {
        this.#write(at, data, (left) => Math.min(mostInFlight / 2, Math.max(1, left)))
        this.drain()
      },
    }
  }

  /** Throws where the engine does not answer any more. */
  drain(): void {
    const until = performance.now() + silenceMs
    while (this.#answered !== this.#requested) {
      this.#collect()
      if (performance.now() > until)
        throw new Error(`managed/bare: ${this.#requested - this.#answered} pages without an answer for ${silenceMs} ms`)
    }
  }

  /** `mostOf`: pages that the engine may have where so many are left here. */
  #write(at: number, data: Uint8Array, mostOf: (left: number) => number): void {
    this.#ctx.input.set(data)
    const [first, count] = [at / granule, data.length / granule]
    for (let i = 0; i < count; i++) {
      const wordAt = (i * granule) / 4
      if (repeatsOneWord(this.#inputWords, wordAt, granule / 4))
        this.kept.keepWord(first + i, this.#inputWords[wordAt] as number)
      else if (this.#requested - this.#answered < mostOf(count - 1 - i)) this.#send(first + i, i)
      else {
        this.#tell()
        this.#compressHere(first + i, i)
        this.#collect()
      }
    }
    this.#tell()
  }

  #send(page: number, nth: number): void {
    const { words, sources } = this.#shared
    const slot = this.#free[--this.#freeCount] as number
    sources[slot]?.set(this.#staged[nth] as Uint8Array)
    this.#pageOf[slot] = page
    words[word.ring + (this.#requested++ & (slots - 1))] = slot
    if (this.#requested - this.#told >= pagesPerRing || this.#requested - this.#answered <= pagesPerRing) this.#tell()
  }

  #tell(): void {
    if (this.#told === this.#requested) return
    const { words } = this.#shared
    this.#told = this.#requested
    Atomics.store(words, word.requested, this.#requested)
    if (Atomics.load(words, word.asleep) !== 0) Atomics.notify(words, word.requested)
  }

  #collect(): void {
    const { words, sources, results } = this.#shared
    const answered = Atomics.load(words, word.answered)
    while (this.#answered !== answered) {
      const slot = words[word.ring + (this.#answered++ & (slots - 1))] as number
      const length = words[word.lengths + slot] as number
      const result = results[slot] as Uint8Array
      this.kept.keep(
        this.#pageOf[slot] as number,
        length === granule ? (sources[slot] as Uint8Array) : result.subarray(0, length),
      )
      this.#free[this.#freeCount++] = slot
    }
  }

  #compressHere(page: number, nth: number): void {
    const { buffer } = this.#ctx
    const wrote = this.#ctx.compress(nth * granule, granule)
    this.kept.keep(page, wrote <= 0 || wrote >= granule ? (this.#staged[nth] as Uint8Array) : buffer.subarray(0, wrote))
  }
}
