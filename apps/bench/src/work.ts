/** What codec rows work on: the pages that reach a codec, in batches as large as a request. */
import { granule, isSameFilled, type PageSet } from '@zcomp/harness/pages'

/** Bytes of one request. */
export const requestBytes = 128 * 1024

/** Offsets of the pages that are not filled with one word. */
export function codecPages({ bytes }: PageSet): number[] {
  const offsets: number[] = []
  for (let at = 0; at < bytes.length; at += granule) {
    if (!isSameFilled(bytes.subarray(at, at + granule))) offsets.push(at)
  }
  return offsets
}

/** The same question for `count` words of four bytes, without a view: the last pair first, since it mostly tells. */
export function repeatsOneWord(words: Int32Array, start: number, count: number): boolean {
  const [low, high, end] = [words[start], words[start + 1], start + count]
  if (words[end - 2] !== low || words[end - 1] !== high) return false
  for (let i = start + 2; i < end; i += 2) if (words[i] !== low || words[i + 1] !== high) return false
  return true
}

/** Where a request takes its bytes from in a round: each round writes other contents to each place. */
export function sourceOf(at: number, length: number, round: number, total: number): number {
  const from = (at + rotation(round, total)) % total
  return from + length > total ? total - length : from
}

/** Bytes by which the contents of a round are shifted: a whole number of requests. */
export function rotation(round: number, total: number): number {
  const requests = Math.max(1, Math.floor(total / requestBytes))
  return ((round * 37) % requests) * requestBytes
}
