// The LZ4 decoder. It reads nothing outside the source and writes nothing outside the destination, by not a byte, whatever the source says:
// a page may have its neighbours on both sides.
//
// Two loops. The fast one runs while a sequence of short lengths must fit with room to spare, so that one comparison for each sequence pays for
// copies in whole vectors. Whatever it does not like it leaves, from the token on, to the exact one, which alone says what is wrong.

import { CORRUPT, MIN_MATCH, NIBBLE_FULL, NO_SPACE } from './lz4-format'

/** Source bytes of a sequence that needs no looking at the source's end: token, 14 literals, offset, one extension byte. */
const SHORT_SOURCE: u32 = 18
/** Output of such a sequence, 14 + 18, and what the vectors may write beyond. */
const SHORT_OUTPUT: u32 = 48
/** What a long copy may write beyond itself, and room for a short sequence after it. */
const LONG_SPARE: u32 = 48
const OFFSET_BYTES: u32 = 2
/** No extension ends: the source does. */
const NO_LENGTH: u32 = 0xffffffff
/** Neither a length nor a status. */
const MORE: i32 = i32.MIN_VALUE

// Row k repeats the first k bytes over a vector; row 0 is never used.
// biome-ignore format: one row for each offset
const REPEAT: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
  0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0,
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
  0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
  0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0,
])
/** The largest multiple of k that a vector holds: how far a repeated pattern may step and still be in phase. */
const REPEAT_STEP: usize = memory.data<u8>([0, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15])

/** Where the fast loop left off: a token, and where its output goes. */
let resumeIn: u32 = 0
let resumeOut: u32 = 0

/** The sum of extension bytes at `ip`, or `NO_LENGTH` where they run into `end`. */
function readExtension(ip: u32, end: u32): u32 {
  let sum: u32 = 0
  while (ip < end) {
    const byte = <u32>load<u8>(ip++)
    sum += byte
    if (byte != 255) return sum
  }
  return NO_LENGTH
}

class Copy {
  /** How many extension bytes say `sum`. */
  @inline static extensionBytes(sum: u32): u32 {
    return sum / 255 + 1
  }

  /** Not a byte more than `length`, in ascending order: right for matches that overlap themselves. */
  @inline static exactly(to: u32, from: u32, length: u32): void {
    const end = to + length
    if (to - from >= 8) {
      while (to + 8 <= end) {
        store<u64>(to, load<u64>(from))
        to += 8
        from += 8
      }
    }
    while (to < end) store<u8>(to++, load<u8>(from++))
  }

  /** In vectors, up to 15 bytes past `length`. What is read must be there before it is written: at least 16 bytes apart. */
  @inline static vectors(to: u32, from: u32, length: u32): void {
    const end = to + length
    do {
      v128.store(to, v128.load(from))
      to += 16
      from += 16
    } while (to < end)
  }

  /** The vector that follows if the `offset` (1 to 15) bytes before `to` go on and on. */
  @inline static pattern(to: u32, offset: u32): v128 {
    return i8x16.swizzle(v128.load(to - offset), v128.load(REPEAT + (offset << 4)))
  }

  @inline static patternStep(offset: u32): u32 {
    return <u32>load<u8>(REPEAT_STEP + offset)
  }

  /** A match of at most 18 bytes, writing at most 32. */
  @inline static shortMatch(to: u32, offset: u32): void {
    if (offset >= 8) {
      const from = to - offset
      store<u64>(to, load<u64>(from))
      store<u64>(to, load<u64>(from, 8), 8)
      store<u16>(to, load<u16>(from, 16), 16)
    } else {
      const pattern = Copy.pattern(to, offset)
      v128.store(to, pattern)
      v128.store(to + Copy.patternStep(offset), pattern)
    }
  }

  /** A match of any length, writing up to 15 bytes past it. */
  @inline static longMatch(to: u32, offset: u32, length: u32): void {
    if (offset >= 16) {
      Copy.vectors(to, to - offset, length)
      return
    }
    const pattern = Copy.pattern(to, offset)
    const step = Copy.patternStep(offset)
    const end = to + length
    do {
      v128.store(to, pattern)
      to += step
    } while (to < end)
  }
}

/** Copies a match that starts `before` bytes (1 or more) before the output, in the dictionary, and may run on into the output. */
function copyFromDict(to: u32, start: u32, before: u32, length: u32, dictEnd: u32): void {
  const part = min(before, length)
  Copy.exactly(to, dictEnd - before, part)
  if (part < length) Copy.exactly(to + part, start, length - part)
}

/** Decodes up to the first sequence that is out of the ordinary: near an end, reaching into the dictionary, corrupt. It does not judge. */
function decodeFast(srcEnd: u32, lastIn: u32, dst: u32, dstEnd: u32, lastOut: u32): void {
  let ip = resumeIn
  let op = resumeOut
  while (ip <= lastIn && op <= lastOut) {
    const token = <u32>load<u8>(ip)
    let literals = token >>> 4
    let at = ip + 1
    let to = op
    if (literals != NIBBLE_FULL) {
      v128.store(to, v128.load(at))
    } else {
      const byte = <u32>load<u8>(at++)
      literals += byte
      if (byte == 255) {
        const rest = readExtension(at, srcEnd)
        if (rest == NO_LENGTH) break
        literals += rest
        at += Copy.extensionBytes(rest)
      }
      if (literals + 16 + OFFSET_BYTES > srcEnd - at || literals + LONG_SPARE > dstEnd - to) break
      Copy.vectors(to, at, literals)
    }
    at += literals
    to += literals
    const offset = <u32>load<u16>(at)
    at += OFFSET_BYTES
    // One unsigned comparison for both: offset 0, and a match that starts before the output.
    if (offset - 1 >= to - dst) break
    let length = token & NIBBLE_FULL
    if (length != NIBBLE_FULL) {
      Copy.shortMatch(to, offset)
      length += MIN_MATCH
    } else {
      const byte = <u32>load<u8>(at++)
      length += MIN_MATCH + byte
      if (byte == 255) {
        const rest = readExtension(at, srcEnd)
        if (rest == NO_LENGTH) break
        length += rest
        at += Copy.extensionBytes(rest)
      }
      if (length + LONG_SPARE > dstEnd - to) break
      Copy.longMatch(to, offset, length)
    }
    op = to + length
    ip = at
  }
  resumeIn = ip
  resumeOut = op
}

/** Decodes at least one sequence, of any kind. `MORE` as soon as the fast loop can go on, else the length of all, or a status. */
function decodeExactly(
  srcEnd: u32,
  lastIn: u32,
  dst: u32,
  dstEnd: u32,
  lastOut: u32,
  dictEnd: u32,
  dictLength: u32,
): i32 {
  let ip = resumeIn
  let op = resumeOut
  do {
    // A block ends with literals, so something must follow a match.
    if (ip == srcEnd) return CORRUPT
    const token = <u32>load<u8>(ip++)
    let literals = token >>> 4
    if (literals == NIBBLE_FULL) {
      const rest = readExtension(ip, srcEnd)
      if (rest == NO_LENGTH) return CORRUPT
      ip += Copy.extensionBytes(rest)
      literals += rest
    }
    if (literals > srcEnd - ip) return CORRUPT
    if (literals > dstEnd - op) return NO_SPACE
    Copy.exactly(op, ip, literals)
    ip += literals
    op += literals
    if (ip == srcEnd) return op - dst
    if (srcEnd - ip < OFFSET_BYTES) return CORRUPT
    const offset = <u32>load<u16>(ip)
    ip += OFFSET_BYTES
    if (offset - 1 >= op - dst + dictLength) return CORRUPT
    let length = (token & NIBBLE_FULL) + MIN_MATCH
    if (length == NIBBLE_FULL + MIN_MATCH) {
      const rest = readExtension(ip, srcEnd)
      if (rest == NO_LENGTH) return CORRUPT
      ip += Copy.extensionBytes(rest)
      length += rest
    }
    if (length > dstEnd - op) return NO_SPACE
    if (offset > op - dst) copyFromDict(op, dst, offset - (op - dst), length, dictEnd)
    else Copy.exactly(op, op - offset, length)
    op += length
  } while (ip > lastIn || op > lastOut)
  resumeIn = ip
  resumeOut = op
  return MORE
}

/** Decodes a block. `dictLength` bytes before `dictEnd` count as output that came before. A length, or a status. */
export function decode(src: u32, srcLength: u32, dst: u32, dstLength: u32, dictEnd: u32, dictLength: u32): i32 {
  const srcEnd = src + srcLength
  const dstEnd = dst + dstLength
  // Address 0 is never reached: no room.
  const lastIn = srcLength < SHORT_SOURCE ? 0 : srcEnd - SHORT_SOURCE
  const lastOut = dstLength < SHORT_OUTPUT ? 0 : dstEnd - SHORT_OUTPUT
  resumeIn = src
  resumeOut = dst
  let answer: i32
  do {
    decodeFast(srcEnd, lastIn, dst, dstEnd, lastOut)
    answer = decodeExactly(srcEnd, lastIn, dst, dstEnd, lastOut, dictEnd, dictLength)
  } while (answer == MORE)
  return answer
}
