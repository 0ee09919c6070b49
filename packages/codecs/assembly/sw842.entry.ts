/** The module behind `@zcomp/codecs/842`. */
import { CRC_END } from './sw842-crc'
import { encode } from './sw842-encode'

export { decompress } from './sw842-decode'

export const heapBase: usize = CRC_END

let index: usize = 0

export function configure(workspace: usize): void {
  index = workspace
}

export function compress(src: usize, length: u32, dst: usize): i32 {
  return encode(src, length, dst, index)
}
