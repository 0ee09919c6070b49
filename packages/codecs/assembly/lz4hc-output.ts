// Where the encoders of LZ4HC put what they decide: one match after the other, and the literals between.

import { Sequence, writeLastLiterals } from './lz4-write'
import { Match } from './lz4hc-search'

let start: u32 = 0
let op: u32 = 0
let anchor: u32 = 0

export function startOutput(dst: u32, src: u32): void {
  start = dst
  op = dst
  anchor = src
}

/** Where the input goes on that is not written yet. */
export function written(): u32 {
  return anchor
}

export function write(match: Match): void {
  const token = op
  const literals = match.at - anchor
  op = Sequence.literals(token, anchor, literals)
  op = Sequence.match(token, Sequence.nibble(literals), op, match.at - match.from, match.length)
  anchor = match.end
}

/** Writes the rest as literals, and answers with the length of the block. */
export function finishOutput(end: u32): u32 {
  return writeLastLiterals(op, anchor, end) - start
}
