// The module behind `@zcomp/codecs/lz4hc`. One instance serves one context, so what `configure` sets is kept in globals.

import { decode } from './lz4-decode'
import { encodeHc } from './lz4hc-encode'
import { begin, enterUpTo, prepare } from './lz4hc-search'

export const heapBase: usize = __heap_base

let heads: u32 = 0
let headsBytes: u32 = 0
/** The heads as the dictionary leaves them. */
let learned: u32 = 0
let dict: u32 = 0
let dictLength: u32 = 0
let wide: bool = false

/** Without a dictionary, `learnedAt` and `dictAt` mean nothing. The dictionary lies at `dictAt` already, with room for a page behind it. */
export function configure(
  headsAt: u32,
  bits: u32,
  entryBytes: u32,
  chainAt: u32,
  depth: u32,
  learnedAt: u32,
  dictAt: u32,
  dictBytes: u32,
): void {
  heads = headsAt
  headsBytes = entryBytes << bits
  learned = learnedAt
  dict = dictAt
  dictLength = dictBytes
  wide = entryBytes == 4
  prepare(heads, chainAt, bits, depth)
  memory.fill(heads, 0, headsBytes)
  if (dictBytes < 4) return
  const dictEnd = dict + dictBytes
  begin(dict, dict, dictEnd)
  if (wide) enterUpTo<u32>(dictEnd - 3)
  else enterUpTo<u16>(dictEnd - 3)
  memory.copy(learned, heads, headsBytes)
}

export function compress(src: u32, length: u32, dst: u32): i32 {
  if (dictLength != 0) return compressWithDict(src, length, dst)
  memory.fill(heads, 0, headsBytes)
  return encodeHc<u16>(src, src, src + length, dst)
}

/** The page is copied behind the dictionary, so that a match may start in one and end in the other. */
function compressWithDict(src: u32, length: u32, dst: u32): i32 {
  const page = dict + dictLength
  memory.copy(heads, learned, headsBytes)
  memory.copy(page, src, length)
  if (wide) return encodeHc<u32>(dict, page, page + length, dst)
  return encodeHc<u16>(dict, page, page + length, dst)
}

export function decompress(src: u32, srcLength: u32, dst: u32, dstLength: u32): i32 {
  return decode(src, srcLength, dst, dstLength, dict + dictLength, dictLength)
}
