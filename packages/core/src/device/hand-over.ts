/** Copies of pages for a device whose engines are other cores. */

/** Bytes on a cache line. */
const line = 64

/**
 * Fills the front of a stream's `src`. Each line of it was last read by another core, and is waited for when it is written; a plain copy
 * has few of them on their way at a time, since it writes each line in eight pieces or more. So one byte of every line goes first.
 */
export function handOver(page: Uint8Array, src: Uint8Array): void {
  for (let at = 0; at < page.length; at += line) src[at] = page[at] as number
  src.set(page)
}
