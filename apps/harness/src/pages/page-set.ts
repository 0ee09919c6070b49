/** Pages as one flat run of bytes, so that a device of any page size can be fed from it. */
import { createHash } from 'node:crypto'
import { seededRandom } from '@zcomp/core'

/** Granule of a page set, in bytes: the smallest page that a device may have. */
export const granule = 4096

export interface PageSet {
  /** A whole number of granules. */
  readonly bytes: Uint8Array
  /** Where the pages come from, for a person. */
  readonly from: string
  /** First 16 hex digits of the SHA-256 of the bytes: tells two sets apart, and gives nothing away. */
  readonly digest: string
}

export function pageSet(bytes: Uint8Array, from: string): PageSet {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % granule))
  if (whole.length === 0) throw new Error(`${from}: less than one page of ${granule} bytes`)
  return { bytes: whole, from, digest: createHash('sha256').update(whole).digest('hex').slice(0, 16) }
}

export function pageCount(pages: PageSet): number {
  return pages.bytes.length / granule
}

/** A copy of up to `count` granules, chosen by the seed in runs of 16, so that larger pages see neighbours too. */
export function sample(pages: PageSet, count: number, seed: number): Uint8Array {
  const run = 16
  const have = pageCount(pages)
  if (have <= count) return pages.bytes.slice()
  const out = new Uint8Array(count * granule)
  const random = seededRandom(seed)
  for (let at = 0; at < count; at += run) {
    const length = Math.min(run, count - at)
    const from = Math.floor(random() * (have - length + 1))
    out.set(pages.bytes.subarray(from * granule, (from + length) * granule), at * granule)
  }
  return out
}

/** Whether one 8-byte word fills the page. */
export function isSameFilled(page: Uint8Array): boolean {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.length)
  return bytes.subarray(8).equals(bytes.subarray(0, bytes.length - 8))
}
