// The LZ4HC encoder: looks hard for long matches, and before it settles for one looks whether a longer one overlaps its end.
//
// Up to three matches are weighed at a time, in the order of the input, each longer than the one before it. Where two overlap, the bytes may go
// to either: the whole is as long, but a match of up to 18 bytes needs no extension, so the shorter one keeps its bytes up to there.

import { MATCH_START_LIMIT, MIN_MATCH, NIBBLE_FULL } from './lz4-format'
import { Sequence } from './lz4-write'
import { finishOutput, startOutput, write, written } from './lz4hc-output'
import { begin, findFirst, findLonger, Match } from './lz4hc-search'

/** The longest match without extension bytes. */
const PLAIN_LENGTH: u32 = NIBBLE_FULL - 1 + MIN_MATCH
/** A match whose successor begins fewer bytes later is not worth its token. */
const WORTH_KEEPING: u32 = 3

const first = changetype<Match>(memory.data(offsetof<Match>(), 4))
const second = changetype<Match>(memory.data(offsetof<Match>(), 4))
const third = changetype<Match>(memory.data(offsetof<Match>(), 4))
/** What `first` was before a longer one replaced it, in case that has to give way itself. */
const earlier = changetype<Match>(memory.data(offsetof<Match>(), 4))

/** Cuts `first` where `second` begins, after `second` has left it as many bytes as it can hold without extension. */
function settleOverlap(): void {
  if (first.end <= second.at) return
  const gap = second.at - first.at
  let keep = gap
  if (gap < PLAIN_LENGTH) {
    // `second` must remain a match.
    keep = min(min(first.length, PLAIN_LENGTH), gap + second.length - MIN_MATCH)
    if (keep > gap) second.skip(keep - gap)
    else keep = gap
  }
  first.length = keep
}

/** Finds the matches that follow `first`, and writes all that are settled. */
function follow<T>(searchEnd: u32): void {
  earlier.take(first)
  while (true) {
    if (first.end > searchEnd || !findLonger<T>(first.end - 2, first.at, first.length, second)) {
      write(first)
      return
    }
    // `first` replaced a shorter match that now does not come in the way of the next: take that one back, it covers more.
    if (earlier.at < first.at && second.at < first.at + earlier.length) first.take(earlier)
    if (second.at - first.at < WORTH_KEEPING) {
      first.take(second)
      earlier.take(first)
      continue
    }
    if (!weighThree<T>(searchEnd)) return
  }
}

/** `first` and `second` stand. False if all is written; true if `first` is one whose successor is to be looked for. */
function weighThree<T>(searchEnd: u32): bool {
  while (true) {
    settleOverlap()
    if (second.end > searchEnd || !findLonger<T>(second.end - 3, second.at, second.length, third)) {
      first.length = min(first.length, second.at - first.at)
      write(first)
      write(second)
      return false
    }
    if (third.at >= first.end + WORTH_KEEPING) {
      write(first)
      first.take(second)
      second.take(third)
    } else if (third.at < first.end) {
      second.take(third)
    } else {
      // No room for `second` between the others.
      write(first)
      first.take(third)
      earlier.take(second)
      return true
    }
  }
}

/** Encodes `src` to `end` at `dst`. Matches may reach back to `base`; what lies before `src` is entered already. Answers with the length. */
export function encodeHc<T>(base: u32, src: u32, end: u32, dst: u32): u32 {
  startOutput(dst, src)
  if (end - src > MATCH_START_LIMIT) {
    const searchEnd = end - MATCH_START_LIMIT
    begin(base, src, Sequence.matchEnd(end))
    while (findFirst<T>(written(), searchEnd, first)) follow<T>(searchEnd)
  }
  return finishOutput(end)
}
