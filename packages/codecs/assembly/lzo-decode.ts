/**
 * LZO1X decoder, bitstream 0 and 1, for bytes from anywhere.
 *
 * Two forms of one thing. `quick` takes what encoders make most, literals and a short copy, while input and output are far from their ends, so
 * that one test covers all its accesses; whatever is unusual, or wrong, it leaves as it found it. `step` takes any one instruction
 * and makes every check, in the order of the kernel's decoder. Neither touches a byte outside source and target.
 */
import { Copy } from './lzo-copy'

const CORRUPT: i32 = -74
const NO_SPACE: i32 = -28
/** From a step: decoding goes on. */
const MORE: i32 = 1
/** From a step: the end mark was met, and nothing follows it. */
const ENDED: i32 = 2

/** An instruction has at least this many bytes left for it and what follows; the end mark sees to that. */
const RESERVE: u32 = 3

/** State after a run of literals. 0 to 3: as many literals came with the instruction before. */
const AFTER_RUN: u32 = 4
/** State between an instruction and the literals that come with it; their number is added. */
const PENDING: u32 = 8

let ip: usize = 0
let op: usize = 0
let inputEnd: usize = 0
let outputStart: usize = 0
let outputEnd: usize = 0
let state: u32 = 0
/** Bitstream 1: the form for runs of zeros is in use. */
let zeroRuns = false

/** Returns the produced length, -28 if it would be more than `dstLength`, or -74. */
export function decompress(src: usize, srcLength: u32, dst: usize, dstLength: u32): i32 {
  if (srcLength < RESERVE) return CORRUPT
  ip = src
  op = outputStart = dst
  inputEnd = src + srcLength
  outputEnd = dst + dstLength
  zeroRuns = false
  if (srcLength >= 5 && load<u8>(src) == 0x11) {
    zeroRuns = load<u8>(src, 1) != 0
    ip += 2
  }
  state = PENDING
  let result = first()
  while (result == MORE) {
    if (state >= PENDING) quick()
    result = step()
  }
  return result == ENDED ? <i32>(op - dst) : result
}

/** Literals that a stream may begin with, in a form of their own. */
function first(): i32 {
  const count = <u32>load<u8>(ip) - 17
  // Below 18 the difference wraps, or is 0.
  if (count - 1 >= 238) return MORE
  ip++
  return count < 4 ? literals(count) : run(count)
}

const QUICK_INPUT: usize = 1 + 18 + <usize>RESERVE
const QUICK_OUTPUT: usize = 18 + 16

/** Copy lengths up to 16 by first byte, 0 for every other instruction: */
const LENGTHS = memory.data(256)
for (let code: usize = 33; code < 256; code++) {
  if (code >= 64) store<u8>(LENGTHS + code, <u8>(1 + (code >>> 5)))
  else if (code <= 46) store<u8>(LENGTHS + code, <u8>(code - 30))
}

/** Starts and may stop with literals pending, or stops before an instruction for `step`. */
function quick(): void {
  const lastIn = inputEnd - QUICK_INPUT
  const lastOut = outputEnd - QUICK_OUTPUT
  const start = outputStart
  let from = ip
  let to = op
  let carried = state - PENDING
  let next = state
  while (from <= lastIn && to <= lastOut) {
    // None, those of the instruction before, or a short run: no branch tells them apart, since none could be predicted.
    let code = <u32>load<u8>(from)
    const isRun = <u32>(code - 1 < 15) & <u32>(carried == 0)
    const count = carried + ((code + 3) & (0 - isRun))
    from += isRun
    v128.store(to, v128.load(from))
    store<u16>(to + 16, load<u16>(from + 16))
    from += count
    to += count
    // A copy with two or three bytes of its own, likewise.
    code = <u32>load<u8>(from)
    const word = <u32>load<u16>(from + 1)
    const length = <usize>load<u8>(LENGTHS + code)
    const near = code >= 64
    const back: usize = near ? ((code >>> 2) & 7) | ((word & 0xff) << 3) : word >>> 2
    if (length == 0 || back >= to - start) {
      next = min(count, AFTER_RUN)
      break
    }
    const distance = back + 1
    if (distance >= 8) {
      store<u64>(to, load<u64>(to - distance))
      store<u64>(to + 8, load<u64>(to + 8 - distance))
    } else {
      v128.store(to, Copy.pattern(to, distance))
    }
    from += near ? 2 : 3
    to += length
    carried = (near ? code : word) & 3
    next = PENDING | carried
  }
  ip = from
  op = to
  state = next
}

/** The literals pending, and one instruction. */
function step(): i32 {
  if (state >= PENDING) {
    const result = literals(state - PENDING)
    if (result != MORE) return result
  }
  const code = <u32>load<u8>(ip++)
  if (code >= 64) {
    const back = ((code >>> 2) & 7) | ((<u32>load<u8>(ip++)) << 3)
    return copy(back + 1, 1 + (code >>> 5), code)
  }
  if (code >= 32) return middleCopy(code)
  if (code >= 16) return farCopy(code)
  return runOrRareCopy(code)
}

function runOrRareCopy(code: u32): i32 {
  if (state == 0) {
    const count = code == 0 ? extended(18) : code + 3
    return count == 0 ? CORRUPT : run(count)
  }
  const back = (code >>> 2) + ((<u32>load<u8>(ip++)) << 2)
  return state == AFTER_RUN ? copy(back + 2049, 3, code) : copy(back + 1, 2, code)
}

function middleCopy(code: u32): i32 {
  const length = code == 32 ? extended(33) : code - 30
  if (length == 0 || inputEnd - ip < 2) return CORRUPT
  const operand = <u32>load<u16>(ip)
  ip += 2
  return copy(1 + (operand >>> 2), length, operand)
}

/** Also the run of zeros, which is told by the two bytes after the first, whatever the length bits say, and the end mark. */
function farCopy(code: u32): i32 {
  if (zeroRuns && (code & 8) != 0 && (load<u16>(ip) & 0xfffc) == 0xfffc) return zeros(code)
  const length = (code & 7) == 0 ? extended(9) : 2 + (code & 7)
  if (length == 0 || inputEnd - ip < 2) return CORRUPT
  const operand = <u32>load<u16>(ip)
  ip += 2
  const back = ((code & 8) << 11) | (operand >>> 2)
  if (back == 0) return length == 3 && ip == inputEnd ? ENDED : CORRUPT
  return copy(16384 + back, length, operand)
}

function zeros(code: u32): i32 {
  if (inputEnd - ip < 3) return CORRUPT
  const count: usize = 4 + ((code & 7) | ((<u32>load<u8>(ip, 2)) << 3))
  if (outputEnd - op < count) return NO_SPACE
  Copy.zeros(op, count, outputEnd)
  op += count
  state = PENDING | (load<u8>(ip) & 3)
  ip += 3
  return MORE
}

/** `base` and 255 for each zero byte and the byte after these; 0 if the input ends before that. */
function extended(base: u32): u32 {
  while (load<u8>(ip) == 0) {
    base += 255
    if (++ip == inputEnd) return 0
  }
  return base + <u32>load<u8>(ip++)
}

/** Literals of an instruction of their own. */
function run(count: u32): i32 {
  if (outputEnd - op < count) return NO_SPACE
  if (inputEnd - ip < count + RESERVE) return CORRUPT
  Copy.run(op, ip, count, outputEnd, inputEnd)
  op += count
  ip += count
  state = AFTER_RUN
  return MORE
}

/** Up to three literals that come with another instruction. */
function literals(count: u32): i32 {
  if (inputEnd - ip < count + RESERVE) return CORRUPT
  if (outputEnd - op < count) return NO_SPACE
  state = count
  for (; count > 0; count--) store<u8>(op++, load<u8>(ip++))
  return MORE
}

/** The low two bits of `operand` tell how many literals follow. */
function copy(distance: usize, length: usize, operand: u32): i32 {
  if (distance > op - outputStart) return CORRUPT
  if (outputEnd - op < length) return NO_SPACE
  Copy.match(op, distance, length, outputEnd)
  op += length
  state = PENDING | (operand & 3)
  return MORE
}
