/**
 * 842 decoder for bytes from anywhere. `quick` takes templates, zeros and repeats while source and target have room for any of them; all else, right or
 * wrong, it leaves to `step`, which makes every check of one operation. Neither touches a byte outside source and target.
 */
import { crc32 } from './sw842-crc'
import {
  ARG_BITS,
  ARGS,
  CODE_BITS,
  CRC_BITS,
  END,
  GROUP,
  I2,
  REACH,
  REPEAT,
  REPEAT_BITS,
  SHORT,
  SHORT_BITS,
  TEMPLATES,
  UNIT_BYTES,
  Word,
  ZEROS,
} from './sw842-format'

const NO_SPACE: i32 = -28
const CORRUPT: i32 = -74
/** From a step: decoding goes on. */
const MORE: i32 = 1
/** From a step: the end was met, and the checksum is right. */
const ENDED: i32 = 2

let input: usize = 0
let inputBits: u32 = 0
/** The next bit of the input. */
let pos: u32 = 0
let output: usize = 0
let outputEnd: usize = 0
let op: usize = 0

/** Returns the produced length, -28 if it would be more than `dstLength`, or -74. */
export function decompress(src: usize, srcLength: u32, dst: usize, dstLength: u32): i32 {
  input = src
  inputBits = srcLength << 3
  pos = 0
  output = op = dst
  outputEnd = dst + dstLength
  let result = MORE
  while (result == MORE) {
    quick()
    result = step()
  }
  return result == ENDED ? <i32>(op - dst) : result
}

/** Input that any operation takes, and that a word read at its last argument may touch. */
const QUICK_BITS: u32 = CODE_BITS + 64 + 72
/** Every argument is stored as a word, the last one at byte 6. */
const QUICK_ROOM: usize = 6 + 8

function quick(): void {
  const lastPos = <i32>(inputBits - QUICK_BITS)
  const lastOp = outputEnd - QUICK_ROOM
  let at = pos
  let to = op
  while (<i32>at <= lastPos && to <= lastOp) {
    const code = <u32>(Quick.word(at) >>> (64 - CODE_BITS))
    const first = at + CODE_BITS
    if (code == 0) {
      const word = Quick.word(first) | (<u64>load<u8>(input + (first >>> 3), 8) >>> (8 - (first & 7)))
      Word.store(to, word)
      at = first + 64
      to += GROUP
    } else if (code < TEMPLATES) {
      const end = Quick.template(code, first, to)
      if (end == 0) break
      at = end
      to += GROUP
    } else if (code == ZEROS) {
      store<u64>(to, 0)
      at = first
      to += GROUP
    } else {
      const times = <u32>(Quick.word(first) >>> (64 - REPEAT_BITS)) + 1
      if (code != REPEAT || to - output < GROUP || outputEnd - to < times * GROUP) break
      at = first + REPEAT_BITS
      to = Shared.repeat(to, times)
    }
  }
  pos = at
  op = to
}

class Quick {
  /** At least 57 bits from bit `at` on, the first one on top. Reads eight bytes. */
  @inline static word(at: u32): u64 {
    return Word.load(input + (at >>> 3)) << (at & 7)
  }

  /** Returns the bit after the arguments, or 0 where an index tells of nothing. */
  @inline static template(code: u32, at: u32, to: usize): u32 {
    const total = <u32>(to - output) & ~(GROUP - 1)
    let args = load<u32>(ARGS + (code << 2))
    do {
      const arg = args & 0xff
      const word = Quick.word(at)
      const bits = <u32>load<u8>(ARG_BITS + arg)
      if (arg >= I2) {
        const place = Shared.place(arg, <u32>(word >>> (64 - bits)), total)
        if (place >= total) return 0
        store<u64>(to, load<u64>(output + place))
      } else {
        Word.store(to, word)
      }
      at += bits
      to += load<u8>(UNIT_BYTES + arg)
      args >>>= 8
    } while (args != 0)
    return at
  }
}

class Shared {
  /**
   * Where in the output the unit of this index is, if `total` bytes, whole groups, come before the current one. Too large if there is no such unit.
   * Indexes count round and round over the last bytes: what would be at or after the current group is one round older.
   */
  @inline static place(arg: u32, index: u32, total: u32): u32 {
    const reach = <u32>load<u16>(REACH + (arg << 1))
    const place = index * <u32>load<u8>(UNIT_BYTES + arg)
    const round = total & ~(reach - 1)
    return place >= total - round ? place + round - reach : place + round
  }

  /** Writes the last group again. Returns the end. */
  @inline static repeat(to: usize, times: u32): usize {
    const last = load<u64>(to - GROUP)
    for (; times > 0; times--) {
      store<u64>(to, last)
      to += GROUP
    }
    return to
  }

  @inline static has(bits: u32): bool {
    return inputBits - pos >= bits
  }
}

/** One operation, with every check. */
function step(): i32 {
  if (!Shared.has(CODE_BITS)) return CORRUPT
  const code = take(CODE_BITS)
  if (code < TEMPLATES) return template(code)
  if (code == REPEAT) return repeatStep()
  if (code == ZEROS) return zeros()
  if (code == SHORT) return short()
  return code == END ? end() : CORRUPT
}

function template(code: u32): i32 {
  const total = <u32>(op - output) & ~(GROUP - 1)
  for (let args = load<u32>(ARGS + (code << 2)); args != 0; args >>>= 8) {
    const arg = args & 0xff
    const result = arg >= I2 ? copied(arg, total) : given(<u32>load<u8>(UNIT_BYTES + arg))
    if (result != MORE) return result
  }
  return MORE
}

/** An index. */
function copied(arg: u32, total: u32): i32 {
  const bits = <u32>load<u8>(ARG_BITS + arg)
  const bytes = <usize>load<u8>(UNIT_BYTES + arg)
  if (!Shared.has(bits)) return CORRUPT
  const place = Shared.place(arg, take(bits), total)
  if (place >= total) return CORRUPT
  if (outputEnd - op < bytes) return NO_SPACE
  for (let i: usize = 0; i < bytes; i++) store<u8>(op + i, load<u8>(output + place + i))
  op += bytes
  return MORE
}

/** Data. */
function given(bytes: u32): i32 {
  if (outputEnd - op < bytes) return NO_SPACE
  if (!Shared.has(bytes << 3)) return CORRUPT
  for (; bytes > 0; bytes--) store<u8>(op++, <u8>take(8))
  return MORE
}

function repeatStep(): i32 {
  if (!Shared.has(REPEAT_BITS)) return CORRUPT
  const times = take(REPEAT_BITS) + 1
  if (op - output < GROUP) return CORRUPT
  if (outputEnd - op < times * GROUP) return NO_SPACE
  op = Shared.repeat(op, times)
  return MORE
}

function zeros(): i32 {
  if (outputEnd - op < GROUP) return NO_SPACE
  store<u64>(op, 0)
  op += GROUP
  return MORE
}

function short(): i32 {
  if (!Shared.has(SHORT_BITS)) return CORRUPT
  const bytes = take(SHORT_BITS)
  return bytes == 0 ? CORRUPT : given(bytes)
}

function end(): i32 {
  if (!Shared.has(CRC_BITS)) return CORRUPT
  return take(CRC_BITS) == crc32(output, <u32>(op - output)) ? ENDED : CORRUPT
}

/** The next bits, up to 32, of those that are there. */
function take(bits: u32): u32 {
  const stop = pos + bits
  let value: u64 = 0
  for (let at = pos >>> 3; at << 3 < stop; at++) value = (value << 8) | <u64>load<u8>(input + at)
  pos = stop
  return <u32>((value >>> (-stop & 7)) & (((<u64>1) << bits) - 1))
}
