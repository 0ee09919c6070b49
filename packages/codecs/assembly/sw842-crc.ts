/** CRC-32 of 842: polynomial 04c11db7, top bit first, from 0, not inverted. Eight tables of 256 words take in eight bytes at a time. */
const ROW: usize = 256 * 4
// Right behind the constants, since zeros among these would be carried in the module.
const TABLE: usize = __heap_base
/** The first byte behind the tables. */
export const CRC_END: usize = TABLE + 8 * ROW

for (let byte: u32 = 0; byte < 256; byte++) {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc >>> 31 ? 0x04c11db7 : 0)
  store<u32>(TABLE + (byte << 2), crc)
}

for (let at = TABLE + ROW; at < TABLE + 8 * ROW; at += 4) {
  const shorter = load<u32>(at - ROW)
  store<u32>(at, (shorter << 8) ^ load<u32>(TABLE + ((shorter >>> 24) << 2)))
}

class Table {
  @inline static entry(row: usize, byte: u32): u32 {
    return load<u32>(TABLE + row * ROW + ((byte & 255) << 2))
  }
}
export function crc32(at: usize, length: u32): u32 {
  let crc: u32 = 0
  const end = at + length
  while (end - at >= 8) {
    const head = bswap<u32>(load<u32>(at)) ^ crc
    const tail = load<u32>(at, 4)
    crc = Table.entry(7, head >>> 24) ^ Table.entry(6, head >>> 16) ^ Table.entry(5, head >>> 8) ^ Table.entry(4, head)
    crc ^= Table.entry(3, tail) ^ Table.entry(2, tail >>> 8) ^ Table.entry(1, tail >>> 16) ^ Table.entry(0, tail >>> 24)
    at += 8
  }
  while (at < end) crc = (crc << 8) ^ Table.entry(0, (crc >>> 24) ^ <u32>load<u8>(at++))
  return crc
}
