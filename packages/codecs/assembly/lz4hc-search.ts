// Finds the longest match at or around a position. Every position is entered into a chain of all positions whose next four bytes have the same
// hash; a search walks the chain from the nearest back, for a limited number of steps.

import { MAX_OFFSET, MIN_MATCH } from './lz4-format'
import { Sequence } from './lz4-write'

/** Input at `at` repeats `length` bytes at `from`. */
@unmanaged
export class Match {
  at: u32
  from: u32
  length: u32

  get end(): u32 {
    return this.at + this.length
  }

  take(other: Match): void {
    this.at = other.at
    this.from = other.from
    this.length = other.length
  }

  /** Leaves the first bytes to whatever comes before. */
  skip(bytes: u32): void {
    this.at += bytes
    this.from += bytes
    this.length -= bytes
  }
}

// What the search works on. An entry is a position counted from `origin`, from 1 up; 0 ends a chain. Entries have type `T`: u16 where
// all positions fit, u32 elsewhere.
let headsAt: u32 = 0
let chainAt: u32 = 0
let hashShift: u32 = 0
let searchSteps: u32 = 0
let origin: u32 = 0
let nextEntry: u32 = 0
let matchLimit: u32 = 0

/** `bits` is the logarithm of the number of heads, `depth` the number of steps that a search may take. */
export function prepare(heads: u32, chain: u32, bits: u32, depth: u32): void {
  headsAt = heads
  chainAt = chain
  hashShift = 32 - bits
  searchSteps = depth
}

/** Starts on data at `base`. What was entered up to `from` is known already. */
export function begin(base: u32, from: u32, end: u32): void {
  origin = base - 1
  nextEntry = from - origin
  matchLimit = end
}

/** Enters all positions before `ip`. */
export function enterUpTo<T>(ip: u32): void {
  // Locals: a global is loaded anew each time round.
  const heads = headsAt
  const chain = chainAt
  const shift = hashShift
  const size = <u32>sizeof<T>()
  const before = origin
  const stop = ip - before
  let entry = nextEntry
  while (entry < stop) {
    const head = heads + ((load<u32>(before + entry) * 2654435761) >>> shift) * size
    store<T>(chain + entry * size, load<T>(head))
    store<T>(head, <T>entry)
    entry++
  }
  nextEntry = entry
}

class Chain {
  /**
   * Looks for a match that covers the four bytes at `ip`, begins at most `room` bytes before, and is longer than `longest`, which is more
   * than `room`. The best goes to `best`; false if there is none.
   */
  @inline static search<T>(ip: u32, room: u32, longest: u32, best: Match): bool {
    enterUpTo<T>(ip + 1)
    const chain = chainAt
    const matchEnd = matchLimit
    const size = <u32>sizeof<T>()
    const before = origin
    const word = load<u32>(ip)
    let found = false
    // A longer match must agree here, two bytes around the end of the longest so far.
    let beyond = longest - 1 - room
    let pair = load<u16>(ip + beyond)
    let entry = <u32>load<T>(chain + (ip - before) * size)
    for (let step = searchSteps; entry != 0 && step != 0; step--) {
      const candidate = before + entry
      if (sizeof<T>() == 4 && ip - candidate > MAX_OFFSET) break
      if (load<u16>(candidate + beyond) == pair && load<u32>(candidate) == word) {
        const ahead = MIN_MATCH + Sequence.common(ip + MIN_MATCH, candidate + MIN_MATCH, matchEnd)
        let back: u32 = 0
        while (
          back < room &&
          candidate - back - 1 > before &&
          load<u8>(ip - back - 1) == load<u8>(candidate - back - 1)
        )
          back++
        if (ahead + back > longest) {
          longest = ahead + back
          best.at = ip - back
          best.from = candidate - back
          best.length = longest
          found = true
          beyond = longest - 1 - room
          if (ip + ahead == matchEnd && back == room) break
          pair = load<u16>(ip + beyond)
        }
      }
      entry = <u32>load<T>(chain + entry * size)
    }
    return found
  }
}

/** The next match from `ip` on that begins no later than `searchEnd`; false if there is none. */
export function findFirst<T>(ip: u32, searchEnd: u32, best: Match): bool {
  for (; ip <= searchEnd; ip++) {
    if (Chain.search<T>(ip, 0, MIN_MATCH - 1, best)) return true
  }
  return false
}

/**
 * A match longer than `longest` that covers the four bytes at `ip` and begins no earlier than `low`; false if there is none. From `low` on,
 * `longest` bytes must reach past `ip`.
 */
export function findLonger<T>(ip: u32, low: u32, longest: u32, best: Match): bool {
  return Chain.search<T>(ip, ip - low, longest, best)
}
