/** Parts of a round. What is compared runs on one slice after the other, within milliseconds, since a machine's speed drifts over seconds. */
import { granule } from '@zcomp/harness/pages'
import type { Took } from './row.js'
import { requestBytes } from './work.js'

/** Pages, by their number in the set. */
export interface Slice {
  readonly from: number
  /** One beyond the last. */
  readonly to: number
}

/** At most so many pages: about 5 ms of lz4, which is little beside the drift and much beside changing from one measure to the next. */
const slicePages = 1024

/** Slices of about one size that cover `pages` pages, in order; each begins with a request. */
export function slicesOf(pages: number): Slice[] {
  const requestPages = requestBytes / granule
  const requests = Math.ceil(pages / requestPages)
  const count = Math.ceil(pages / slicePages)
  const bound = (nth: number): number => Math.min(pages, Math.floor((nth * requests) / count) * requestPages)
  return Array.from({ length: count }, (_, nth) => ({ from: bound(nth), to: bound(nth + 1) }))
}

export function wholeOf(pages: number): Slice {
  return { from: 0, to: pages }
}

/** Whether the page at this offset, in bytes, belongs to a slice. */
export function holds({ from, to }: Slice, offset: number): boolean {
  return offset >= from * granule && offset < to * granule
}

/** What the slices of a round took together. */
export function sum(parts: readonly Took[]): Took {
  const total = (of: (part: Took) => number): number => parts.reduce((all, part) => all + of(part), 0)
  return {
    wallNs: total(({ wallNs }) => wallNs),
    cpuNs: total(({ cpuNs }) => cpuNs),
    pages: total(({ pages }) => pages),
  }
}
