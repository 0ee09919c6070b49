/**
 * A small codec to replace with yours, in AssemblyScript. It takes back references from a page, as LZ4 does, and nothing else.
 *
 * A compressed page is a row of pieces. A byte n below 128: the n + 1 bytes that follow, as they are. A byte n from 128 on, then a
 * distance in two bytes, the lower one first: n - 124 bytes that were seen that far back.
 *
 * WebAssembly checks only that an address lies in memory. That it lies in the right area of it is checked here.
 */

/** As in the contract: no encoder of this format writes such bytes. */
const CORRUPT: i32 = -74

const MIN_MATCH: i32 = 4
const MAX_MATCH: i32 = 127 + MIN_MATCH
const MAX_LITERALS: i32 = 128
const TABLE_BITS: i32 = 12
/** Places by hash, two bytes each. */
const TABLE_BYTES: i32 = 2 << TABLE_BITS

/** At worst a byte more for every 128: `dst` has two pages. */
export function compress(src: i32, length: i32, dst: i32, table: i32): i32 {
  // Nothing may be left of the page before. A slot that nobody filled says place 0, where the words are compared as anywhere else.
  memory.fill(table, 0, TABLE_BYTES)
  const end = src + length
  let out = dst
  let start = src
  // The first place cannot refer back, and is what an empty slot means.
  let at = src + 1
  while (at <= end - MIN_MATCH) {
    const word = load<u32>(at)
    const slot = table + (((word * 0x9e3779b1) >> (32 - TABLE_BITS)) << 1)
    const seen = src + <i32>load<u16>(slot)
    store<u16>(slot, at - src)
    if (load<u32>(seen) !== word) {
      at++
      continue
    }
    const match = matchLength(seen, at, end)
    out = writeLiterals(start, at, out)
    store<u8>(out, 128 + match - MIN_MATCH)
    store<u16>(out + 1, at - seen)
    out += 3
    at += match
    start = at
  }
  return writeLiterals(start, end, out) - dst
}

function matchLength(seen: i32, at: i32, end: i32): i32 {
  const most = min(MAX_MATCH, end - at)
  let length = MIN_MATCH
  while (length < most && load<u8>(seen + length) === load<u8>(at + length)) length++
  return length
}

function writeLiterals(start: i32, end: i32, out: i32): i32 {
  for (let at = start; at < end; ) {
    const length = min(MAX_LITERALS, end - at)
    store<u8>(out, length - 1)
    memory.copy(out + 1, at, length)
    at += length
    out += 1 + length
  }
  return out
}

/** Meets whatever is in memory: nothing is read or written before its length is known to be right. */
export function decompress(src: i32, srcLength: i32, dst: i32, dstLength: i32): i32 {
  const srcEnd = src + srcLength
  const dstEnd = dst + dstLength
  let at = src
  let out = dst
  while (at < srcEnd) {
    const piece = <i32>load<u8>(at++)
    if (piece < 128) {
      const length = piece + 1
      if (length > srcEnd - at || length > dstEnd - out) return CORRUPT
      memory.copy(out, at, length)
      at += length
      out += length
    } else {
      if (srcEnd - at < 2) return CORRUPT
      const length = piece - 128 + MIN_MATCH
      const distance = <i32>load<u16>(at)
      at += 2
      if (distance === 0 || distance > out - dst || length > dstEnd - out) return CORRUPT
      // Byte by byte: a distance shorter than the length repeats what is being written.
      for (const end = out + length; out < end; out++) store<u8>(out, load<u8>(out - distance))
    }
  }
  return out === dstEnd ? dstLength : CORRUPT
}
