// The encoder of the highest levels: the cheapest way through the whole input. From each position that can be reached one may go on by a literal,
// or by any part of the longest match there; what a match costs does not depend on how far back it lies, so no other match need be known.

import { MATCH_START_LIMIT, MIN_MATCH, NIBBLE_FULL } from './lz4-format'
import { Sequence } from './lz4-write'
import { finishOutput, startOutput, write } from './lz4hc-output'
import { begin, findLonger, Match } from './lz4hc-search'

/** Token and offset. */
const MATCH_COST: u32 = 3
const UNREACHED: u32 = 0xffffffff

/** The cheapest way known to a position: what it costs in bytes, and its last step. */
@unmanaged
class Step {
  cost: u32
  /** Literals since the last match; the token of the next one depends on it. */
  run: u16
  /** Length of the match that ends here; 0: a literal. */
  length: u16
  offset: u16
}

const STEP_BYTES: u32 = offsetof<Step>()

let steps: u32 = 0
let enough: u32 = 0
const match = changetype<Match>(memory.data(offsetof<Match>(), 4))

/** `stepsAt` has room for a step for every position of the input, and one more. A match of `enoughBytes` is taken without further thought. */
export function prepareOptimal(stepsAt: u32, enoughBytes: u32): void {
  steps = stepsAt
  enough = enoughBytes
}

function stepTo(position: u32): Step {
  return changetype<Step>(steps + position * STEP_BYTES)
}

/** Extension bytes of a length that is `rest` beyond what the nibble is for. */
function extensionCost(length: u32): u32 {
  return length < NIBBLE_FULL ? 0 : 1 + (length - NIBBLE_FULL) / 255
}

function tryLiteral(from: Step, to: Step): void {
  const run = <u32>from.run + 1
  const cost = from.cost + 1 + extensionCost(run) - extensionCost(run - 1)
  if (cost >= to.cost) return
  to.cost = cost
  // A run of 65536 is the whole of the largest page: nothing follows.
  to.run = <u16>min(run, 65535)
  to.length = 0
}

function tryMatch(cost: u32, length: u32, offset: u32, to: Step): void {
  if (cost > to.cost) return
  to.cost = cost
  to.run = 0
  to.length = <u16>length
  to.offset = <u16>offset
}

/** Offers `match` as a way to all positions from `least` to its end; only to the end if it is long enough. */
function offer(src: u32, least: u32): void {
  const start = match.at - src
  const offset = match.at - match.from
  const before = stepTo(start).cost + MATCH_COST
  const last = match.end - src
  for (let at = match.length >= enough ? last : least; at <= last; at++) {
    const length = at - start
    tryMatch(before + extensionCost(length - MIN_MATCH), length, offset, stepTo(at))
  }
}

function extendBack(src: u32, base: u32): void {
  while (match.at > src && match.from > base && load<u8>(match.at - 1) == load<u8>(match.from - 1)) {
    match.at--
    match.from--
    match.length++
  }
}

function findPath<T>(base: u32, src: u32, end: u32): void {
  const total = end - src
  const searchEnd = end - MATCH_START_LIMIT
  for (let at: u32 = 1; at <= total; at++) stepTo(at).cost = UNREACHED
  stepTo(0).cost = 0
  stepTo(0).run = 0
  for (let at: u32 = 0; at < total; ) {
    const here = stepTo(at)
    const ip = src + at
    tryLiteral(here, stepTo(at + 1))
    let stride: u32 = 1
    // Where the next position is no dearer than this one, a match passes over both, and no other from here is likely to pay.
    if (ip <= searchEnd && stepTo(at + 1).cost > here.cost && findLonger<T>(ip, ip, MIN_MATCH - 1, match)) {
      offer(src, at + MIN_MATCH)
      if (match.length >= enough) stride = match.length
      // It may begin earlier, at a position that was passed over.
      extendBack(src, base)
      if (match.at < ip && stepTo(match.at - src).cost != UNREACHED) offer(src, at + MIN_MATCH)
    }
    at += stride
  }
}

/** The steps know where they come from; going back from the end, each is noted where it begins. */
function turnPath(total: u32): void {
  let at = total
  let nextLength: u16 = 0
  let nextOffset: u16 = 0
  while (true) {
    const step = stepTo(at)
    const length = step.length
    const offset = step.offset
    step.length = nextLength
    step.offset = nextOffset
    if (at == 0) return
    nextLength = length
    nextOffset = offset
    at -= max<u32>(length, 1)
  }
}

function writePath(src: u32, total: u32): void {
  for (let at: u32 = 0; at < total; ) {
    const step = stepTo(at)
    if (step.length != 0) {
      match.at = src + at
      match.from = match.at - step.offset
      match.length = step.length
      write(match)
    }
    at += max<u32>(step.length, 1)
  }
}

/** As `encodeHc`, but optimal. */
export function encodeOptimal<T>(base: u32, src: u32, end: u32, dst: u32): u32 {
  startOutput(dst, src)
  const total = end - src
  if (total > MATCH_START_LIMIT) {
    begin(base, src, Sequence.matchEnd(end))
    findPath<T>(base, src, end)
    turnPath(total)
    writePath(src, total)
  }
  return finishOutput(end)
}
