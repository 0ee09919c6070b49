/** The software 842 encoder, giving the bytes that Linux gives. */
import { crc32 } from './sw842-crc'
import {
  ARGS,
  CODE_BITS,
  CRC_BITS,
  END,
  GROUP,
  I2,
  NONE,
  REPEAT,
  REPEAT_BITS,
  SHORT,
  SHORT_BITS,
  TEMPLATES,
  UNIT_BYTES,
  UNITS_2,
  UNITS_4,
  UNITS_8,
  Word,
  ZEROS,
} from './sw842-format'
import { clearIndex, Index, MISSING } from './sw842-index'

/** More take another operation. */
const MOST_REPEATS: u32 = 1 << REPEAT_BITS

/** The order in which templates are tried: the first whose indexes are all found is taken. */
const ORDER: usize = memory.data<u8>([
  0x19, 0x18, 0x17, 0x13, 0x12, 0x16, 0x15, 0x0e, 0x09, 0x11, 0x10, 0x0d, 0x08, 0x14, 0x04, 0x0f, 0x0c, 0x0b, 0x07,
  0x06, 0x03, 0x0a, 0x05, 0x02, 0x01, 0x00,
])

// An argument is told by its slot in VALUES. There is one for the data of every unit that a template has: 4 of two bytes, 2 of four, one of eight, and
// one of four in the middle of the group; then for the indexes of the first seven; then one for no argument. A mask of what was found has a bit for each unit.
const MIDDLE: u32 = 7
const INDEXES: u32 = 8
const NOTHING: u32 = 15
const VALUES: usize = memory.data(16 * 8, 8)
/** Bits in the stream, by slot. */
const BITS: usize = memory.data<u8>([16, 16, 16, 16, 32, 32, 64, 32, 8, 8, 8, 8, 9, 9, 8, 0])
/** The four slots of each template, by code. */
const SLOTS: usize = memory.data(26 * 4)
/** The best template for each mask but those with eight bytes found. */
const BEST: usize = memory.data(64)

/** The slot of a unit's data, and its bit in a mask, by its size and its place in the group. */
function slotOf(bytes: u32, offset: u32): u32 {
  if (bytes == 2) return offset >>> 1
  if (bytes == 4) return offset == 2 ? MIDDLE : 4 + (offset >>> 2)
  return 6
}

/** Fills in the template's slots, and returns the mask of what has to be found for it. */
function prepare(code: u32): u32 {
  let needed: u32 = 0
  let offset: u32 = 0
  for (let i: u32 = 0; i < 4; i++) {
    const arg = load<u8>(ARGS + (code << 2) + i)
    const bytes = <u32>load<u8>(UNIT_BYTES + arg)
    const slot = slotOf(bytes, offset)
    const isIndex = arg >= I2
    if (isIndex) needed |= 1 << slot
    store<u8>(SLOTS + (code << 2) + i, <u8>(arg == NONE ? NOTHING : isIndex ? slot + INDEXES : slot))
    offset += bytes
  }
  return needed
}

for (let i: i32 = TEMPLATES - 1; i >= 0; i--) {
  const code = load<u8>(ORDER + i)
  const needed = prepare(code)
  // From the last choice to the first, so that the first stays.
  for (let found: u32 = 0; found < 64; found++) {
    if ((found & needed) == needed) store<u8>(BEST + found, code)
  }
}

class Bits {
  /** Adds up to 56 bits at bit `pos` of `dst`. Returns the bits of the last, unfinished byte, on top of a word of zeros; up to 8 bytes are written. */
  @inline static put(dst: usize, pos: u32, held: u64, value: u64, bits: u32): u64 {
    const end = (pos & 7) + bits
    held |= value << (64 - end)
    Word.store(dst + (pos >>> 3), held)
    return held << (end & 56)
  }
}

/** The arguments of the template that `describe` chose, and how many bits they have. */
let argsValue: u64 = 0
let argsBits: u32 = 0

class Group {
  /** Returns the code of the template for a group whose bytes are `value`, the first one lowest. */
  @inline static describe(area: usize, src: usize, value: u64, group: u32): u32 {
    const whole = Index.find8(area, src, value, group)
    if (whole != MISSING) {
      argsValue = whole & (UNITS_8 - 1)
      argsBits = 8
      return 0x19
    }
    let found =
      Group.look4(area, src, <u32>value, group << 1, 0) | Group.look4(area, src, <u32>(value >>> 32), group << 1, 1)
    if (found != 0x30) found |= Group.look2s(area, src, value, group << 2)
    const code = <u32>load<u8>(BEST + found)
    Group.gather(code, Word.load(src + (group << 3)))
    return code
  }

  /** Notes the index of one unit. Returns its bit in the mask if there is one. */
  @inline static look4(area: usize, src: usize, value: u32, first: u32, place: u32): u32 {
    const unit = Index.find4(area, src, value, first)
    store<u64>(VALUES + ((INDEXES + 4 + place) << 3), unit & (UNITS_4 - 1))
    return (<u32>(unit != MISSING)) << (4 + place)
  }

  @inline static look2(area: usize, src: usize, value: u32, first: u32, place: u32): u32 {
    const unit = Index.find2(area, src, value, first)
    store<u64>(VALUES + ((INDEXES + place) << 3), unit & (UNITS_2 - 1))
    return (<u32>(unit != MISSING)) << place
  }

  @inline static look2s(area: usize, src: usize, value: u64, first: u32): u32 {
    return (
      Group.look2(area, src, <u32>value & 0xffff, first, 0) |
      Group.look2(area, src, <u32>value >>> 16, first, 1) |
      Group.look2(area, src, <u32>(value >>> 32) & 0xffff, first, 2) |
      Group.look2(area, src, <u32>(value >>> 48), first, 3)
    )
  }

  /** Puts the template's arguments together. `big`: the group's bytes, the first one on top. */
  @inline static gather(code: u32, big: u64): void {
    if (code == 0) {
      argsValue = big
      argsBits = 64
      return
    }
    store<u64>(VALUES, big >>> 48)
    store<u64>(VALUES + 8, (big >>> 32) & 0xffff)
    store<u64>(VALUES + 16, (big >>> 16) & 0xffff)
    store<u64>(VALUES + 24, big & 0xffff)
    store<u64>(VALUES + 32, big >>> 32)
    store<u64>(VALUES + 40, big & 0xffffffff)
    store<u64>(VALUES + (MIDDLE << 3), (big >>> 16) & 0xffffffff)
    let value: u64 = 0
    let bits: u32 = 0
    for (let i: u32 = 0; i < 4; i++) {
      const slot = <usize>load<u8>(SLOTS + (code << 2) + i)
      const width = <u32>load<u8>(BITS + slot)
      value = (value << width) | load<u64>(VALUES + (slot << 3))
      bits += width
    }
    argsValue = value
    argsBits = bits
  }
}

/** Returns the length of the stream at `dst`, a multiple of 8. */
export function encode(src: usize, length: u32, dst: usize, area: usize): i32 {
  clearIndex(area)
  let pos: u32 = 0
  let held: u64 = 0
  let repeats: u32 = 0
  let before: u64 = 0
  const groups = length / GROUP
  for (let group: u32 = 0; group < groups; group++) {
    const value = load<u64>(src + group * GROUP)
    const again = value == before && group != 0
    if (again) repeats++
    if (again ? repeats == MOST_REPEATS : repeats != 0) {
      held = Bits.put(dst, pos, held, (REPEAT << REPEAT_BITS) | (repeats - 1), CODE_BITS + REPEAT_BITS)
      pos += CODE_BITS + REPEAT_BITS
      repeats = 0
    }
    if (!again && value == 0) {
      held = Bits.put(dst, pos, held, ZEROS, CODE_BITS)
      pos += CODE_BITS
    } else if (!again) {
      const code = <u64>Group.describe(area, src, value, group)
      const low = min(argsBits, 32)
      const high = argsBits - low
      held = Bits.put(dst, pos, held, (code << high) | (argsValue >>> low), CODE_BITS + high)
      held = Bits.put(dst, pos + CODE_BITS + high, held, argsValue & (((<u64>1) << low) - 1), low)
      pos += CODE_BITS + argsBits
    }
    before = value
    Index.insert(area, value, group)
  }
  return finish(src, length, dst, pos, held, repeats)
}

/** What the last whole group leaves: repeats not yet told, up to 7 bytes, end mark and checksum. */
function finish(src: usize, length: u32, dst: usize, pos: u32, held: u64, repeats: u32): i32 {
  if (repeats != 0) {
    held = Bits.put(dst, pos, held, (REPEAT << REPEAT_BITS) | (repeats - 1), CODE_BITS + REPEAT_BITS)
    pos += CODE_BITS + REPEAT_BITS
  }
  const rest = length & (GROUP - 1)
  if (rest != 0) {
    held = Bits.put(dst, pos, held, (SHORT << SHORT_BITS) | rest, CODE_BITS + SHORT_BITS)
    pos += CODE_BITS + SHORT_BITS
    for (let at = src + length - rest; at < src + length; at++) {
      held = Bits.put(dst, pos, held, load<u8>(at), 8)
      pos += 8
    }
  }
  Bits.put(dst, pos, held, ((<u64>END) << CRC_BITS) | <u64>crc32(src, length), CODE_BITS + CRC_BITS)
  pos += CODE_BITS + CRC_BITS
  const bytes = (pos + 7) >>> 3
  // The last store cleared what follows, 3 bytes at least; 7 may be wanted.
  store<u64>(dst + bytes, 0)
  return (bytes + 7) & ~7
}
