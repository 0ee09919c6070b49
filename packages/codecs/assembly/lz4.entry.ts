// The module behind `@zcomp/codecs/lz4`. One instance serves one context, so what `configure` sets is kept in globals.

import { decode } from './lz4-decode'
import { clearTable, encode, fillTable, TABLE_BYTES } from './lz4-fast'

export const heapBase: usize = __heap_base

// The workspace: the encoder's table; with a dictionary also the table as the dictionary leaves it, the dictionary, and room for a page behind it.
let table: u32 = 0
let acceleration: u32 = 1
let dict: u32 = 0
let dictLength: u32 = 0
let wide: bool = false

export function dictOffset(): u32 {
  return 2 * TABLE_BYTES
}

/** The dictionary, if any, lies at `dictOffset()` of the workspace already. */
export function configure(workspace: u32, pageSize: u32, speed: u32, dictBytes: u32): void {
  table = workspace
  acceleration = speed
  dict = workspace + dictOffset()
  dictLength = dictBytes
  wide = dictBytes + pageSize > 65536
  const learned = table + TABLE_BYTES
  if (dictBytes == 0) return
  if (wide) fillTable<u32>(learned, dict, dict + dictBytes)
  else fillTable<u16>(learned, dict, dict + dictBytes)
}

export function compress(src: u32, length: u32, dst: u32): i32 {
  if (dictLength != 0) return compressWithDict(src, length, dst)
  clearTable(table)
  return encode<u16>(src, src, src + length, dst, table, acceleration)
}

/** The page is copied behind the dictionary: 1 % of the time, and then a match may start in one and end in the other. */
function compressWithDict(src: u32, length: u32, dst: u32): i32 {
  const page = dict + dictLength
  memory.copy(table, table + TABLE_BYTES, TABLE_BYTES)
  memory.copy(page, src, length)
  if (wide) return encode<u32>(dict, page, page + length, dst, table, acceleration)
  return encode<u16>(dict, page, page + length, dst, table, acceleration)
}

export function decompress(src: u32, srcLength: u32, dst: u32, dstLength: u32): i32 {
  return decode(src, srcLength, dst, dstLength, dict + dictLength, dictLength)
}
