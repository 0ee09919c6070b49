/** What main and the engine of the bare pipeline share. Requests are answered in their order, so a count of answers says which. */
import { granule } from '@zcomp/harness/pages'

/** As many as an accelerator has streams by default. A power of two. */
export const slots = 128

/** Words; what one side writes shares no cache line with what the other side writes. */
export const word = {
  /** Requests so far. */
  requested: 0,
  /** Answers so far. */
  answered: 16,
  /** 1 while the engine sleeps or is about to. */
  asleep: 32,
  /** The slot of each request, round and round. */
  ring: 48,
  /** For each slot what its page became: a length, or a page's for one that is to be kept raw. */
  lengths: 48 + slots,
} as const

const pagesAt = 4096

/** A page to be compressed and a page for the result, for each slot. */
export interface Shared {
  readonly words: Int32Array
  readonly sources: readonly Uint8Array[]
  readonly results: readonly Uint8Array[]
}

export function makeMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(pagesAt + 2 * slots * granule)
}

export function viewsOf(memory: SharedArrayBuffer): Shared {
  const page = (nth: number): Uint8Array => new Uint8Array(memory, pagesAt + nth * granule, granule)
  return {
    words: new Int32Array(memory, 0, pagesAt / 4),
    sources: Array.from({ length: slots }, (_, slot) => page(2 * slot)),
    results: Array.from({ length: slots }, (_, slot) => page(2 * slot + 1)),
  }
}
