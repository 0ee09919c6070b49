/**
 * Dictionaries from sample pages, for any backend that takes raw content (zstd, lz4, lz4hc). The idea is that of zstd's COVER trainer: bytes are
 * worth keeping if they occur in many pages, and worth nothing once they are in the dictionary.
 *
 * Every string of 8 bytes (a gram) counts in how many samples it occurs. A segment of a sample is worth the sum over the different grams
 * in it. The best segment of all is taken and its grams count no more; then the next best, until the dictionary is full. The first taken
 * goes last: fast encoders know the end of a dictionary better, and LZ4 loses sight of its beginning.
 */
import { ZcompError } from '@zcomp/core'

export interface TrainOptions {
  /** The dictionary has at most so many bytes: a whole number from 8. 65536 is all that lz4 takes. */
  readonly maxBytes: number
}

const gramBytes = 8
/** By measurement on pages of memory: from 64 to 256 hardly matters to the ratio, and long ones are found sooner. */
const segmentBytes = 256
const segmentGrams = segmentBytes - gramBytes + 1
const tableBits = 20
const windowBits = 12

/**
 * Trains a raw dictionary, never longer than `maxBytes`, shorter where the samples have less in common. Some thousand pages of the
 * memory in question are enough, and take seconds. The same samples give the same dictionary.
 *
 * Throws a `ZcompError` EINVAL for a `maxBytes` out of range, and for samples that have nothing in common.
 */
export function trainDictionary(samples: readonly Uint8Array[], { maxBytes }: TrainOptions): Uint8Array {
  if (!Number.isInteger(maxBytes) || maxBytes < gramBytes) {
    throw new ZcompError(
      'EINVAL',
      `trainDictionary: maxBytes must be a whole number from ${gramBytes}, not ${maxBytes}`,
    )
  }
  const worth = countSamples(samples)
  const dict = new Uint8Array(maxBytes)
  let start = maxBytes
  for (const segment of bestFirst(samples, worth)) {
    // What does not fit loses its beginning.
    const fits = segment.subarray(Math.max(0, segment.length - start))
    start -= fits.length
    dict.set(fits, start)
    if (start < gramBytes) break
  }
  if (start === maxBytes) {
    throw new ZcompError('EINVAL', `trainDictionary: ${samples.length} samples have nothing in common`)
  }
  return dict.slice(start)
}

/** By hash of a gram: in how many samples it occurs, 0 where in one alone. Grams of one hash are counted as one. */
function countSamples(samples: readonly Uint8Array[]): Uint32Array {
  const counts = new Uint32Array(1 << tableBits)
  const lastSeen = new Int32Array(1 << tableBits).fill(-1)
  samples.forEach((sample, index) => {
    for (let i = 0; i <= sample.length - gramBytes; i++) {
      const gram = gramAt(sample, i)
      if (lastSeen[gram] === index) continue
      lastSeen[gram] = index
      counts[gram]!++
    }
  })
  return counts.map((count) => (count > 1 ? count : 0))
}

/**
 * Segments from the best down; `worth` shrinks as they are taken. What was found in a sample earlier can only be worth less by now, so
 * that only the sample with the highest find is searched anew, until it is still the highest.
 */
function* bestFirst(samples: readonly Uint8Array[], worth: Uint32Array): Generator<Uint8Array> {
  const search = segmentSearch(
    worth,
    samples.reduce((max, { length }) => Math.max(max, length), 0),
  )
  const found = Float64Array.from(samples, (sample) => search(sample).worth)
  for (;;) {
    const index = indexOfMax(found)
    if (index < 0 || found[index] === 0) return
    const segment = search(samples[index]!)
    found[index] = segment.worth
    if (segment.worth === 0 || segment.worth < found[indexOfMax(found)]!) continue
    for (let i = 0; i <= segment.bytes.length - gramBytes; i++) worth[gramAt(segment.bytes, i)] = 0
    yield segment.bytes
  }
}

interface Segment {
  readonly worth: number
  readonly bytes: Uint8Array
}

/** Slides a window over a sample of at most `maxLength` bytes, and counts each different gram in it once. */
function segmentSearch(worth: Uint32Array, maxLength: number): (sample: Uint8Array) => Segment {
  const gram = new Uint32Array(maxLength)
  // A few bits of the hash tell the grams of one window apart well enough, and fit the cache. A byte counts all that a window holds.
  const inWindow = new Uint8Array(1 << windowBits)
  const mask = inWindow.length - 1
  return (sample) => {
    const grams = Math.max(0, sample.length - gramBytes + 1)
    for (let i = 0; i < grams; i++) gram[i] = gramAt(sample, i)
    let sum = 0
    let best = 0
    let bestAt = 0
    for (let i = 0; i < grams; i++) {
      if (i >= segmentGrams) {
        const gone = gram[i - segmentGrams]!
        if (--inWindow[gone & mask]! === 0) sum -= worth[gone]!
      }
      if (inWindow[gram[i]! & mask]!++ === 0) sum += worth[gram[i]!]!
      if (sum <= best) continue
      best = sum
      bestAt = Math.max(0, i - segmentGrams + 1)
    }
    inWindow.fill(0)
    return { worth: best, bytes: trim(sample, bestAt, Math.min(grams, bestAt + segmentGrams), worth) }
  }
}

/** Without the grams at both ends that nobody needs. */
function trim(sample: Uint8Array, from: number, to: number, worth: Uint32Array): Uint8Array {
  while (from < to && worth[gramAt(sample, from)] === 0) from++
  while (to > from && worth[gramAt(sample, to - 1)] === 0) to--
  return to > from ? sample.subarray(from, to - 1 + gramBytes) : sample.subarray(0, 0)
}

function indexOfMax(values: Float64Array): number {
  let index = -1
  let max = -1
  for (let i = 0; i < values.length; i++) {
    if (values[i]! <= max) continue
    max = values[i]!
    index = i
  }
  return index
}

function gramAt(bytes: Uint8Array, i: number): number {
  const low = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
  const high = bytes[i + 4]! | (bytes[i + 5]! << 8) | (bytes[i + 6]! << 16) | (bytes[i + 7]! << 24)
  const mixed = Math.imul(low ^ Math.imul(high, 0x85ebca77), 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) >>> (32 - tableBits)
}
