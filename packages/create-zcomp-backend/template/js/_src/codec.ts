/**
 * A small codec to replace with yours. It takes back references from a page, as LZ4 does, and nothing else.
 *
 * A compressed page is a row of pieces. A byte n below 128: the n + 1 bytes that follow, as they are. A byte n from 128 on, then a
 * distance in two bytes, the lower one first: n - 124 bytes that were seen that far back.
 */
import { type SimpleCodec, Status } from '@zcomp/core'

const minMatch = 4
const maxMatch = 127 + minMatch
const maxLiterals = 128
const tableBits = 12

export function createCodec(pageSize: number): SimpleCodec {
  // One for all pages: no page may cost an allocation.
  const table = new Int32Array(1 << tableBits)
  return { pageSize, compress: (src, dst) => compress(src, dst, table), decompress }
}

/** At worst a byte more for every 128: `dst` has two pages. */
function compress(src: Uint8Array, dst: Uint8Array, table: Int32Array): number {
  // Nothing may be left of the page before: the same page always gives the same bytes.
  table.fill(-1)
  let out = 0
  let start = 0
  for (let at = 0; at <= src.length - minMatch; ) {
    const slot = Math.imul(wordAt(src, at), 0x9e3779b1) >>> (32 - tableBits)
    const seen = table[slot]!
    table[slot] = at
    if (seen < 0 || wordAt(src, seen) !== wordAt(src, at)) {
      at++
      continue
    }
    const length = matchLength(src, seen, at)
    out = writeLiterals(src, start, at, dst, out)
    dst[out++] = 128 + length - minMatch
    dst[out++] = (at - seen) & 255
    dst[out++] = (at - seen) >> 8
    at += length
    start = at
  }
  return writeLiterals(src, start, src.length, dst, out)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

function matchLength(src: Uint8Array, seen: number, at: number): number {
  const most = Math.min(maxMatch, src.length - at)
  let length = minMatch
  while (length < most && src[seen + length] === src[at + length]) length++
  return length
}

function writeLiterals(src: Uint8Array, start: number, end: number, dst: Uint8Array, out: number): number {
  for (let at = start; at < end; ) {
    const length = Math.min(maxLiterals, end - at)
    dst[out++] = length - 1
    for (const stop = at + length; at < stop; ) dst[out++] = src[at++]!
  }
  return out
}

/** Meets whatever is in memory: nothing is read or written before its length is known to be right. */
function decompress(src: Uint8Array, dst: Uint8Array): number {
  let out = 0
  for (let at = 0; at < src.length; ) {
    const piece = src[at++]!
    if (piece < 128) {
      const length = piece + 1
      if (length > src.length - at || length > dst.length - out) return Status.corrupt
      for (const end = out + length; out < end; ) dst[out++] = src[at++]!
    } else {
      if (src.length - at < 2) return Status.corrupt
      const length = piece - 128 + minMatch
      const distance = src[at]! | (src[at + 1]! << 8)
      at += 2
      if (distance === 0 || distance > out || length > dst.length - out) return Status.corrupt
      // Byte by byte: a distance shorter than the length repeats what is being written.
      for (const end = out + length; out < end; out++) dst[out] = dst[out - distance]!
    }
  }
  return out === dst.length ? out : Status.corrupt
}
