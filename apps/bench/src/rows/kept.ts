import type { ZcompCtx } from '@zcomp/core'
import { granule } from '@zcomp/harness/pages'

/** Pages as their results, which lie one after the other and are found by an array: no allocation, no freeing, no order, no check. */
export class KeptPages {
  readonly #bytes: Uint8Array
  /** Where the page's bytes begin. */
  readonly #starts: Float64Array
  /** How many there are: a page where it is raw, none where one word fills it, of which `starts` then has four bytes. */
  readonly #lengths: Int32Array
  /** Where the next result goes. */
  #next = 0

  constructor(pages: number) {
    this.#bytes = new Uint8Array((pages + 2) * granule)
    this.#starts = new Float64Array(pages)
    this.#lengths = new Int32Array(pages)
  }

  keepWord(page: number, word: number): void {
    this.#lengths[page] = 0
    this.#starts[page] = word
  }

  /** `bytes`: a page where it is raw. */
  keep(page: number, bytes: Uint8Array): void {
    if (this.#next + bytes.length > this.#bytes.length) this.#next = 0
    this.#bytes.set(bytes, this.#next)
    this.#starts[page] = this.#next
    this.#lengths[page] = bytes.length
    this.#next += bytes.length
  }

  read(ctx: ZcompCtx, page: number, into: Uint8Array): void {
    const [start, length] = [this.#starts[page] as number, this.#lengths[page] as number]
    if (length === 0) into.fill(start)
    else if (length === granule) into.set(this.#bytes.subarray(start, start + length))
    else ctx.decompress(this.#bytes.subarray(start, start + length), into)
  }

  /** A figure of row `id` counts only where the bytes are right; those of pages that one word fills are not kept whole here. */
  check(id: string, ctx: ZcompCtx, expected: Uint8Array): void {
    const into = new Uint8Array(granule)
    for (let page = 0; page < this.#lengths.length; page++) {
      if (this.#lengths[page] === 0) continue
      this.read(ctx, page, into)
      const at = page * granule
      if (Buffer.compare(into, expected.subarray(at, at + granule)) !== 0)
        throw new Error(`${id}: other bytes come back at ${at}`)
    }
  }
}
