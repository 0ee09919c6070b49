// The module behind `@zcomp/codecs/lz4hc`. One instance serves one context, so what `configure` sets is kept in globals.

import { decode } from './lz4-decode'
import { MIN_MATCH } from './lz4-format'
import { encodeHc } from './lz4hc-encode'
import { encodeOptimal, prepareOptimal } from './lz4hc-optimal'
import { begin, enterUpTo, prepare } from './lz4hc-search'

export const heapBase: usize = __heap_base

let heads: u32 = 0
let headsBytes: u32 = 0
/** The heads as the dictionary leaves them. */
let learned: u32 = 0
let dict: u32 = 0
let dictLength: u32 = 0
let wide: bool = false
let optimal: bool = false

/** Chains that `bits` heads lead to, walked `depth` steps far. With `enough` above 0 the optimal encoder is used, with its steps at `steps`. */
export function configure(
  headsAt: u32,
  bits: u32,
  entryBytes: u32,
  chainAt: u32,
  depth: u32,
  steps: u32,
  enough: u32,
): void {
  heads = headsAt
  headsBytes = entryBytes << bits
  wide = entryBytes == 4
  optimal = enough != 0
  prepare(heads, chainAt, bits, depth)
  prepareOptimal(steps, enough)
}

/** Enters the dictionary, which lies at `dictAt` and has room for a page behind it. The heads as it leaves them are kept at `learnedAt`. */
export function learn(dictAt: u32, dictBytes: u32, learnedAt: u32): void {
  learned = learnedAt
  dict = dictAt
  dictLength = dictBytes
  memory.fill(heads, 0, headsBytes)
  if (dictBytes >= MIN_MATCH) {
    const last = dict + dictBytes - MIN_MATCH
    begin(dict, dict, dict + dictBytes)
    if (wide) enterUpTo<u32>(last + 1)
    else enterUpTo<u16>(last + 1)
  }
  memory.copy(learned, heads, headsBytes)
}

function encode(base: u32, src: u32, end: u32, dst: u32): u32 {
  if (optimal) return wide ? encodeOptimal<u32>(base, src, end, dst) : encodeOptimal<u16>(base, src, end, dst)
  return wide ? encodeHc<u32>(base, src, end, dst) : encodeHc<u16>(base, src, end, dst)
}

export function compress(src: u32, length: u32, dst: u32): i32 {
  if (dictLength == 0) {
    memory.fill(heads, 0, headsBytes)
    return encode(src, src, src + length, dst)
  }
  // The page is copied behind the dictionary, so that a match may start in one and end in the other.
  const page = dict + dictLength
  memory.copy(heads, learned, headsBytes)
  memory.copy(page, src, length)
  return encode(dict, page, page + length, dst)
}

export function decompress(src: u32, srcLength: u32, dst: u32, dstLength: u32): i32 {
  return decode(src, srcLength, dst, dstLength, dict + dictLength, dictLength)
}
