// How encoders put sequences into a block. Output and input have slack behind them, so that most copies may go in whole vectors.

import { LAST_LITERALS, MIN_MATCH, NIBBLE_FULL } from './lz4-format'

const EXACT_COPY_BY_CALL: u32 = 64

/** Writes what is left of a length beyond its nibble, and answers where the output goes on. */
export function writeExtension(op: u32, rest: u32): u32 {
  while (rest >= 255) {
    store<u8>(op++, 255)
    rest -= 255
  }
  store<u8>(op++, <u8>rest)
  return op
}

function writeLongLiterals(op: u32, from: u32, length: u32): u32 {
  op = writeExtension(op, length - NIBBLE_FULL)
  const end = op + length
  do {
    v128.store(op, v128.load(from))
    op += 16
    from += 16
  } while (op < end)
  return end
}

/** The end of a block: all that is left, as literals. */
export function writeLastLiterals(op: u32, from: u32, end: u32): u32 {
  const length = end - from
  if (length < NIBBLE_FULL) store<u8>(op++, <u8>(length << 4))
  else {
    store<u8>(op, <u8>(NIBBLE_FULL << 4))
    op = writeExtension(op + 1, length - NIBBLE_FULL)
  }
  // Short runs are the rule here, and a call costs more than they do.
  if (length > EXACT_COPY_BY_CALL) memory.copy(op, from, length)
  else {
    for (let at: u32 = 0; at < length; at += 16) v128.store(op + at, v128.load(from + at))
  }
  return op + length
}

/** What is done for every sequence. A class, so that the methods may be marked for inlining in a way that all tools can read. */
export class Sequence {
  /** The high nibble of the token, in its place, of a sequence with `length` literals. */
  @inline static nibble(length: u32): u32 {
    return min(length, NIBBLE_FULL) << 4
  }

  /** Writes `length` literals behind `token`, which `match` writes. */
  @inline static literals(token: u32, from: u32, length: u32): u32 {
    const op = token + 1
    if (length >= NIBBLE_FULL) return writeLongLiterals(op, from, length)
    v128.store(op, v128.load(from))
    return op + length
  }

  /** Writes a match of `length` bytes, and the token with `nibble` above its own. */
  @inline static match(token: u32, nibble: u32, op: u32, offset: u32, length: u32): u32 {
    store<u16>(op, <u16>offset)
    op += 2
    const rest = length - MIN_MATCH
    if (rest < NIBBLE_FULL) {
      store<u8>(token, <u8>(nibble | rest))
      return op
    }
    store<u8>(token, <u8>(nibble | NIBBLE_FULL))
    return writeExtension(op, rest - NIBBLE_FULL)
  }

  /** How many bytes at `at` equal those at `from`, looking no further than `limit`. */
  @inline static common(at: u32, from: u32, limit: u32): u32 {
    // Most matches end in the first eight bytes: no loop for them.
    if (at + 8 <= limit) {
      const differ = load<u64>(at) ^ load<u64>(from)
      if (differ != 0) return <u32>ctz(differ) >>> 3
    }
    const start = at
    while (at + 8 <= limit) {
      const differ = load<u64>(at) ^ load<u64>(from)
      if (differ != 0) return at - start + (<u32>ctz(differ) >>> 3)
      at += 8
      from += 8
    }
    if (at + 4 <= limit && load<u32>(at) == load<u32>(from)) {
      at += 4
      from += 4
    }
    if (at + 2 <= limit && load<u16>(at) == load<u16>(from)) {
      at += 2
      from += 2
    }
    if (at < limit && load<u8>(at) == load<u8>(from)) at++
    return at - start
  }

  /** Where matches must end, for input that ends at `end`. */
  @inline static matchEnd(end: u32): u32 {
    return end - LAST_LITERALS
  }
}
