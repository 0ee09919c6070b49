// The module behind `@zcomp/codecs/lz4`. One instance serves one context, so what `configure` and `learn` set is kept in globals.

import { decode } from './lz4-decode'
import { encode, fillTable, TABLE_BYTES } from './lz4-fast'
import { zero } from './zero'

export const heapBase: usize = __heap_base

let table: u32 = 0
let acceleration: u32 = 1
/** The table as the dictionary leaves it. */
let learned: u32 = 0
let dict: u32 = 0
let dictLength: u32 = 0
/** Whether positions in dictionary and page need more than 16 bits. */
let wide: bool = false

export function configure(tableAt: u32, speed: u32): void {
  table = tableAt
  acceleration = speed
}

/** Enters the dictionary, which lies at `dictAt` and has room for a page behind it. The table as it leaves it is kept at `learnedAt`. */
export function learn(dictAt: u32, dictBytes: u32, learnedAt: u32, pageSize: u32): void {
  dict = dictAt
  dictLength = dictBytes
  learned = learnedAt
  wide = dictBytes + pageSize > 65536
  if (wide) fillTable<u32>(learned, dict, dict + dictBytes)
  else fillTable<u16>(learned, dict, dict + dictBytes)
}

export function compress(src: u32, length: u32, dst: u32): i32 {
  if (dictLength != 0) return compressWithDict(src, length, dst)
  zero(table, TABLE_BYTES)
  return encode<u16>(src, src, src + length, dst, table, acceleration)
}

/** The page is copied behind the dictionary, so that a match may start in one and end in the other. */
function compressWithDict(src: u32, length: u32, dst: u32): i32 {
  const page = dict + dictLength
  memory.copy(table, learned, TABLE_BYTES)
  memory.copy(page, src, length)
  if (wide) return encode<u32>(dict, page, page + length, dst, table, acceleration)
  return encode<u16>(dict, page, page + length, dst, table, acceleration)
}

export function decompress(src: u32, srcLength: u32, dst: u32, dstLength: u32): i32 {
  return decode(src, srcLength, dst, dstLength, dict + dictLength, dictLength)
}
