/** Pages that are one 8-byte word over and over, as swapped pages often are. */

/** Whether `count` words (an even number) from `start` on repeat the first two. The last two are looked at first: they mostly tell. */
export function isSameFilled(words: Int32Array, start: number, count: number): boolean {
  const low = words[start]
  const high = words[start + 1]
  const end = start + count
  if (words[end - 2] !== low || words[end - 1] !== high) return false
  for (let i = start + 2; i < end; i += 2) {
    if (words[i] !== low || words[i + 1] !== high) return false
  }
  return true
}

/** Fills `page` (a multiple of 8 bytes long) with a word given in two little-endian halves. */
export function fillSame(page: Uint8Array, low: number, high: number): void {
  if (low === 0 && high === 0) {
    page.fill(0)
    return
  }
  for (let i = 0; i < 4; i++) {
    page[i] = low >>> (8 * i)
    page[i + 4] = high >>> (8 * i)
  }
  for (let done = 8; done < page.length; done *= 2) page.copyWithin(done, 0, Math.min(done, page.length - done))
}
