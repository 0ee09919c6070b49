/** Pages to write, no two alike but those filled with one word. */
import { granule, isSameFilled, type PageSet, pageCount } from '../pages/page-set.js'
import type { Chance } from './chance.js'

export class Contents {
  readonly #pages: PageSet
  readonly #chance: Chance
  #stamp = 0

  constructor(pages: PageSet, chance: Chance) {
    this.#pages = pages
    this.#chance = chance
  }

  /** Each granule bears a number, so that a stale one is told from a new one; some are zero. */
  fill(data: Uint8Array): Uint8Array {
    const { bytes } = this.#pages
    for (let at = 0; at < data.length; at += granule) {
      const from = this.#chance.whole(pageCount(this.#pages)) * granule
      const part = data.subarray(at, at + granule)
      part.set(bytes.subarray(from, from + part.length))
      if (part.length >= 16) this.#mark(part)
    }
    return data
  }

  #mark(part: Uint8Array): void {
    const view = new DataView(part.buffer, part.byteOffset, part.length)
    const stamp = BigInt(++this.#stamp)
    if (!isSameFilled(part)) {
      view.setBigUint64(this.#chance.whole(part.length / 8 - 1) * 8, stamp)
    } else if (part[0] !== 0) {
      for (let i = 0; i + 8 <= part.length; i += 8) view.setBigUint64(i, stamp)
    }
  }
}
