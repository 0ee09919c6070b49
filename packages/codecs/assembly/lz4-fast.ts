// The fast LZ4 encoder: one hash table of the last position of every four bytes seen, one candidate each, wider steps where nothing matches.
// Table size, hash, steps and the limit of the search are those of the Linux kernel, so every page gets the size it gets there.

import { MATCH_START_LIMIT, MAX_OFFSET, MIN_MATCH } from './lz4-format'
import { Sequence, writeLastLiterals } from './lz4-write'

export const TABLE_BYTES: u32 = 16384

/** The search starts with steps of one, and widens them by one each time this many tries (a power of two) have failed. */
const STEP_TRIGGER: u32 = 6

/**
 * Positions are counted from `base` and kept in entries of type `T`: u16 where all of them fit, u32 elsewhere. The table is equally large, so
 * u32 has half as many. An entry that was never set names `base` itself, which does no harm: what is found there is compared like anything else.
 */
class Table<T> {
  @inline static entry<T>(table: u32, value: u32): u32 {
    const shift: u32 = sizeof<T>() == 2 ? 19 : 20
    const hash = (value * 2654435761) >>> shift
    return table + hash * <u32>sizeof<T>()
  }

  @inline static put<T>(table: u32, base: u32, ip: u32): void {
    store<T>(Table.entry<T>(table, load<u32>(ip)), <T>(ip - base))
  }

  /** Enters `ip`, where `value` lies, and answers with the address that was there. */
  @inline static swap<T>(table: u32, base: u32, ip: u32, value: u32): u32 {
    const entry = Table.entry<T>(table, value)
    const candidate = base + <u32>load<T>(entry)
    store<T>(entry, <T>(ip - base))
    return candidate
  }

  @inline static matches<T>(candidate: u32, ip: u32, value: u32): bool {
    if (sizeof<T>() == 4 && ip - candidate > MAX_OFFSET) return false
    return load<u32>(candidate) == value
  }
}

/** Enters all that a dictionary holds; of equal bytes the nearest to its end stay. */
export function fillTable<T>(table: u32, base: u32, end: u32): void {
  for (let ip = base; ip + MIN_MATCH <= end; ip++) Table.put<T>(table, base, ip)
}

/**
 * Encodes `src` to `end` at `dst`. Matches may reach back to `base`, where `base` to `src` is a prefix that the decoder has too, and is in the
 * table already. Answers with the length.
 */
export function encode<T>(base: u32, src: u32, end: u32, dst: u32, table: u32, acceleration: u32): u32 {
  if (end - src <= MATCH_START_LIMIT) return writeLastLiterals(dst, src, end) - dst
  const searchEnd = end - MATCH_START_LIMIT
  const matchEnd = Sequence.matchEnd(end)
  let op = dst
  let anchor = src
  let ip = src + 1
  Table.put<T>(table, base, src)
  while (true) {
    let next = ip
    let step: u32 = 1
    let tries = acceleration << STEP_TRIGGER
    let value: u32
    let candidate: u32
    do {
      ip = next
      next += step
      step = tries++ >>> STEP_TRIGGER
      if (next > searchEnd) return writeLastLiterals(op, anchor, end) - dst
      value = load<u32>(ip)
      candidate = Table.swap<T>(table, base, ip, value)
    } while (!Table.matches<T>(candidate, ip, value))
    // Mostly the byte before differs, and nothing else need be asked. It may lie before the input, where the memory still is ours.
    if (load<u8>(ip - 1) == load<u8>(candidate - 1)) {
      let room = min(ip - anchor, candidate - base)
      while (room != 0 && load<u8>(ip - 1) == load<u8>(candidate - 1)) {
        ip--
        candidate--
        room--
      }
    }
    let token = op
    let nibble = Sequence.nibble(ip - anchor)
    op = Sequence.literals(token, anchor, ip - anchor)
    while (true) {
      const length = MIN_MATCH + Sequence.common(ip + MIN_MATCH, candidate + MIN_MATCH, matchEnd)
      op = Sequence.match(token, nibble, op, ip - candidate, length)
      ip += length
      anchor = ip
      if (ip > searchEnd) return writeLastLiterals(op, anchor, end) - dst
      // A match often follows a match: look once before the search starts anew, and spare the literals.
      Table.put<T>(table, base, ip - 2)
      value = load<u32>(ip)
      candidate = Table.swap<T>(table, base, ip, value)
      if (!Table.matches<T>(candidate, ip, value)) break
      token = op++
      nibble = 0
    }
    ip++
  }
}
