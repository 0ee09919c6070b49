/**
 * Where the encoder finds the last unit of some value, among the units that an index can tell: those of whole groups before the current one, not
 * too old. A unit is known by its number from the start of the input, where its value is read too.
 *
 * Units of 2 bytes have a table with a place for every value. It needs no clearing: what an earlier page left there names a unit whose value here is
 * another, or the place would have been written again. Larger units are chained by their hash, the latest first.
 */
import { UNITS_2, UNITS_4, UNITS_8 } from './sw842-format'

/** Units in the largest input, 64 KiB. */
const MOST_4: usize = 16384
const MOST_8: usize = 8192
const HEADS_4: usize = 2048
const HEADS_8: usize = 1024

// Areas of the workspace, arrays of u16. A link to unit n is n + 1, and 0 to none.
const LAST_2: usize = 0
const HEAD_4: usize = LAST_2 + 65536 * 2
const HEAD_8: usize = HEAD_4 + HEADS_4 * 2
const LINK_4: usize = HEAD_8 + HEADS_8 * 2
const LINK_8: usize = LINK_4 + MOST_4 * 2
export const INDEX_BYTES: usize = LINK_8 + MOST_8 * 2

/** From a lookup: no such unit. */
export const MISSING: u32 = 0xffffffff

export function clearIndex(area: usize): void {
  memory.fill(area + HEAD_4, 0, (HEADS_4 + HEADS_8) * 2)
}

class Chain {
  @inline static head4(area: usize, value: u32): usize {
    return area + HEAD_4 + (((value * 0x9e3779b1) >>> 21) << 1)
  }

  @inline static head8(area: usize, value: u64): usize {
    return area + HEAD_8 + ((<usize>((value * 0x9e3779b97f4a7c15) >>> 54)) << 1)
  }

  @inline static insert2(area: usize, value: u32, unit: u32): void {
    store<u16>(area + LAST_2 + (value << 1), <u16>unit)
  }

  @inline static insert4(area: usize, value: u32, unit: u32): void {
    const head = Chain.head4(area, value)
    store<u16>(area + LINK_4 + (unit << 1), load<u16>(head))
    store<u16>(head, <u16>(unit + 1))
  }

  @inline static insert8(area: usize, value: u64, unit: u32): void {
    const head = Chain.head8(area, value)
    store<u16>(area + LINK_8 + (unit << 1), load<u16>(head))
    store<u16>(head, <u16>(unit + 1))
  }
}

export class Index {
  /** The number of the latest unit of this value, or `MISSING`. `first`: the number that the first unit of the current group has. */
  @inline static find2(area: usize, src: usize, value: u32, first: u32): u32 {
    const unit = <u32>load<u16>(area + LAST_2 + (value << 1))
    // Wraps where the unit is not before the current group.
    if (first - 1 - unit >= UNITS_2 || <u32>load<u16>(src + (unit << 1)) != value) return MISSING
    return unit
  }

  @inline static find4(area: usize, src: usize, value: u32, first: u32): u32 {
    let link = <u32>load<u16>(Chain.head4(area, value))
    while (first - link < UNITS_4) {
      if (link == 0) return MISSING
      if (load<u32>(src + (link << 2) - 4) == value) return link - 1
      link = <u32>load<u16>(area + LINK_4 + (link << 1) - 2)
    }
    return MISSING
  }

  @inline static find8(area: usize, src: usize, value: u64, first: u32): u32 {
    let link = <u32>load<u16>(Chain.head8(area, value))
    while (first - link < UNITS_8) {
      if (link == 0) return MISSING
      if (load<u64>(src + (link << 3) - 8) == value) return link - 1
      link = <u32>load<u16>(area + LINK_8 + (link << 1) - 2)
    }
    return MISSING
  }

  /** Takes in all units of group number `group`. */
  @inline static insert(area: usize, value: u64, group: u32): void {
    Chain.insert8(area, value, group)
    Chain.insert4(area, <u32>value, group << 1)
    Chain.insert4(area, <u32>(value >>> 32), (group << 1) + 1)
    const unit = group << 2
    Chain.insert2(area, <u32>value & 0xffff, unit)
    Chain.insert2(area, <u32>value >>> 16, unit + 1)
    Chain.insert2(area, <u32>(value >>> 32) & 0xffff, unit + 2)
    Chain.insert2(area, <u32>(value >>> 48), unit + 3)
  }
}
