import { xorshift } from './lzo-842-vectors.js'

type Bytes = Uint8Array<ArrayBuffer>

const size = 4096

/** Bytes without a repetition of four. */
function plain(length: number, seed: number): Bytes {
  const draw = xorshift(seed)
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at++) bytes[at] = 1 + (draw() % 255)
  return bytes
}

function zeroRuns(): Bytes[] {
  const lengths = [...Array.from({ length: 69 }, (_, i) => i + 1), ...Array.from({ length: 45 }, (_, i) => 2030 + i)]
  return lengths.flatMap((length) => [0, 1000, size - length].map((at) => plain(size, length).fill(0, at, at + length)))
}

/** Repetitions that stop some bytes before the end of the page. */
function periods(step: number): Bytes[] {
  const pages: Bytes[] = []
  for (let period = 1; period <= 2056; period += period < 70 || period > 2040 ? 1 : step) {
    const page = plain(size, period)
    const end = size - (period % 48)
    for (let at = period; at < end; at++) page[at] = page[at - period]!
    pages.push(page)
  }
  return pages
}

/** One match of some length at some distance. */
function singleMatches(step: number): Bytes[] {
  const pages: Bytes[] = []
  for (let length = 3; length <= 1000; length += length < 40 ? 1 : step) {
    const distance = 4 + ((length * 61) % 3000)
    const page = plain(size, length)
    page.copyWithin(distance, 0, Math.min(length, size - distance))
    pages.push(page)
  }
  for (const distance of [2047, 2048, 2049, 4000]) {
    for (const length of [4, 8, 9, 33, 34, 90]) {
      const page = plain(size, distance)
      pages.push(page.copyWithin(distance, 0, Math.min(length, size - distance)))
    }
  }
  return pages
}

function alphabets(): Bytes[] {
  return Array.from({ length: 128 }, (_, i) => {
    const draw = xorshift(i + 1)
    return Uint8Array.from({ length: size }, () => draw() % (i + 2))
  })
}

/** A run of literals of every length near those at which its encoding changes, then matches, over and over. */
function literalRuns(): Bytes[] {
  const lengths = [18, 273, 528].flatMap((edge) => Array.from({ length: 13 }, (_, i) => edge - 6 + i))
  return [...Array.from({ length: 11 }, (_, i) => i + 1), ...lengths].map((length) => {
    const page = plain(size, length)
    for (let at = length + 8; at + 24 < size; at += length + 24) page.copyWithin(at, at - 8, at + 16)
    return page
  })
}

/** Pages that come out near the size from which on they are not worth it. */
function thresholds(): Bytes[] {
  return Array.from({ length: 200 }, (_, i) => plain(size, i + 1).fill(7, 1000, 1000 + 440 + 2 * (i % 50)))
}

/** Where the encoder's table has four bytes. */
const slotOf = (a: number, b: number, c: number, d: number): number =>
  Math.imul(a | (b << 8) | (c << 16) | (d << 24), 0x1824429d) >>> 19

/**
 * Four literals and four zeros in turn, which bitstream 1 makes longer: 9 bytes for 8. There are too few values for the literal before the zeros to be new
 * each time; where it is not, the first word of the group takes its place in the encoder's table, so that it is not found again.
 */
export function expanding(seed = 1): Bytes {
  const draw = xorshift(seed)
  const page = plain(size, seed).fill(0, 5, 9)
  for (let at = 9; at < size; at += 8) {
    const last = 1 + ((at >> 3) % 255)
    const known = at > 255 * 8
    let group: [number, number, number]
    do group = [1 + (draw() % 255), 1 + (draw() % 255), 1 + (draw() % 255)]
    while (known && slotOf(...group, last) !== slotOf(last, 0, 0, 0))
    page.set([...group, last, 0, 0, 0, 0].slice(0, size - at), at)
  }
  return page
}

/** Stretches of other pages, changed here and there. */
function patchwork(sources: readonly Bytes[], count: number): Bytes[] {
  const draw = xorshift(99)
  return Array.from({ length: count }, () => {
    const page = new Uint8Array(size)
    for (let at = 0; at < size; ) {
      const length = 1 + (draw() % (draw() % 2 ? 60 : 900))
      const from = draw() % size
      page.set(sources[draw() % sources.length]!.subarray(from, Math.min(from + length, from + size - at)), at)
      at += length
    }
    for (let changes = draw() % 40; changes > 0; changes--) page[draw() % size] = draw()
    return page
  })
}

/** Pages at which encoders of this format go wrong. `step` 1 gives all, a larger one leaves some out. */
export function adversarialPages(step: number): Bytes[] {
  const pages = [
    ...zeroRuns(),
    ...periods(step),
    ...singleMatches(step),
    ...alphabets(),
    ...literalRuns(),
    ...thresholds(),
    expanding(),
  ]
  return [...pages, ...patchwork(pages, Math.ceil(6000 / step))]
}
