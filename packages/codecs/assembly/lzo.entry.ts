/** The module behind `@zcomp/codecs/lzo`. One decoder reads both bitstreams; which one the encoder writes is chosen once. */
import { encode } from './lzo-encode'

export { decompress } from './lzo-decode'

export const heapBase: usize = __heap_base

let table: usize = 0
let rle = false

/** `workspace` has room for the hash table. `zeroRuns`: bitstream 1 (lzo-rle) instead of 0 (lzo). */
export function configure(workspace: usize, zeroRuns: bool): void {
  table = workspace
  rle = zeroRuns
}

export function compress(src: usize, length: u32, dst: usize): i32 {
  return encode(src, length, dst, table, rle)
}
