// The 842 format. A row of operations, each of 5 bits and its arguments, in a stream of bits that begins with the top bit of the first byte; numbers of
// several bits have their top bit first. Each operation makes 8 bytes, a group, but for these:
//
//   repeat  6 bits, one less than how many times the last group comes again
//   short   3 bits, 1 to 7: so many bytes follow, the last ones of the input
//   end     32 bits follow, a CRC of everything; zeros fill up to a multiple of 8 bytes
//
// A template builds a group out of data, and of indexes: each stands for a unit of 2, 4 or 8 bytes, told by its number from the start of the output,
// modulo how many units of that size can be told. They end where the current group begins.

/** Bytes in a group. */
export const GROUP: u32 = 8

export const CODE_BITS: u32 = 5
export const REPEAT_BITS: u32 = 6
export const SHORT_BITS: u32 = 3
export const CRC_BITS: u32 = 32

/** Codes below this are templates. */
export const TEMPLATES: u32 = 26
export const REPEAT: u32 = 0x1b
export const ZEROS: u32 = 0x1c
export const SHORT: u32 = 0x1d
export const END: u32 = 0x1e

/** How many units of 2, 4 and 8 bytes can be told. */
export const UNITS_2: u32 = 256
export const UNITS_4: u32 = 512
export const UNITS_8: u32 = 256

// Arguments: data and indexes of units of 2, 4 and 8 bytes.
export const NONE: u8 = 0
export const D2: u8 = 1
export const D4: u8 = 2
export const D8: u8 = 3
export const I2: u8 = 4
export const I4: u8 = 5
export const I8: u8 = 6

/** The arguments of the templates, four places for each code. They follow each other in the stream as their units do in the group. */
export const ARGS: usize = memory.data<u8>([
  D8,
  NONE,
  NONE,
  NONE, // 00
  D4,
  D2,
  I2,
  NONE,
  D4,
  I2,
  D2,
  NONE,
  D4,
  I2,
  I2,
  NONE,
  D4,
  I4,
  NONE,
  NONE, // 04
  D2,
  I2,
  D4,
  NONE,
  D2,
  I2,
  D2,
  I2,
  D2,
  I2,
  I2,
  D2,
  D2,
  I2,
  I2,
  I2, // 08
  D2,
  I2,
  I4,
  NONE,
  I2,
  D2,
  D4,
  NONE,
  I2,
  D4,
  I2,
  NONE,
  I2,
  D2,
  I2,
  D2, // 0c
  I2,
  D2,
  I2,
  I2,
  I2,
  D2,
  I4,
  NONE,
  I2,
  I2,
  D4,
  NONE,
  I2,
  I2,
  D2,
  I2, // 10
  I2,
  I2,
  I2,
  D2,
  I2,
  I2,
  I2,
  I2,
  I2,
  I2,
  I4,
  NONE,
  I4,
  D4,
  NONE,
  NONE, // 14
  I4,
  D2,
  I2,
  NONE,
  I4,
  I2,
  D2,
  NONE,
  I4,
  I2,
  I2,
  NONE,
  I4,
  I4,
  NONE,
  NONE, // 18
  I8,
  NONE,
  NONE,
  NONE,
])
/** Bytes of the unit, by argument. */
export const UNIT_BYTES: usize = memory.data<u8>([0, 2, 4, 8, 2, 4, 8])
/** Bits in the stream, by argument. */
export const ARG_BITS: usize = memory.data<u8>([0, 16, 32, 64, 8, 9, 8])

/** Bytes over which an index reaches back, by argument. */
export const REACH: usize = memory.data<u16>([0, 0, 0, 0, 512, 2048, 2048])

export class Word {
  /** Eight bytes as a number, the first one on top. */
  @inline static load(at: usize): u64 {
    return Word.reversed(v128.load64_zero(at))
  }

  @inline static store(at: usize, value: u64): void {
    store<u64>(at, Word.reversed(i64x2.splat(value)))
  }

  @inline static reversed(value: v128): u64 {
    return i64x2.extract_lane(v128.shuffle<u8>(value, value, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0)
  }
}
