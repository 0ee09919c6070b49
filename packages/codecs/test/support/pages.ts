import type { Random } from './random.js'

/** Fills `page` with one kind of content. */
type Fill = (page: Uint8Array, random: Random) => void

const syllables = [
  'ka',
  'lo',
  'mi',
  'tre',
  'san',
  'du',
  'per',
  'on',
  'vi',
  'the ',
  'and ',
  ', ',
  '. ',
  '\n',
  '= ',
  '0x',
]

const text: Fill = (page, random) => {
  const words = Array.from({ length: 60 }, () =>
    Array.from({ length: 1 + random(4) }, () => syllables[random(syllables.length)]).join(''),
  )
  let at = 0
  while (at < page.length) {
    for (const char of `${words[random(words.length)]} `) if (at < page.length) page[at++] = char.charCodeAt(0)
  }
}

/** Records of 32 bytes: a counter, a pointer-like number, small values and zeros, as on a heap. */
const records: Fill = (page, random) => {
  const view = new DataView(page.buffer, page.byteOffset, page.length)
  for (let at = 0; at + 32 <= page.length; at += 32) {
    view.setUint32(at, at >>> 5, true)
    view.setUint32(at + 8, 0x7f3a0000 + (random(200) << 4), true)
    view.setUint32(at + 12, 0x7ffc, true)
    page[at + 16 + random(8)] = random(256)
  }
}

const noise: Fill = (page, random) => {
  for (let at = 0; at < page.length; at++) page[at] = random(256)
}

const periodic: Fill = (page, random) => {
  const period = 1 + random(70)
  for (let at = 0; at < page.length; at++) page[at] = at < period ? random(256) : page[at - period]!
}

/** Zeros, with a few bytes set. */
const sparse: Fill = (page, random) => {
  for (let times = random(40); times > 0; times--) page[random(page.length)] = random(256)
}

/** Stretches of the other kinds, of any length. */
const mixed: Fill = (page, random) => {
  const kinds = [text, records, noise, periodic, sparse]
  for (let at = 0; at < page.length; ) {
    const length = Math.min(page.length - at, 1 + random(random(2) ? 60 : 1500))
    kinds[random(kinds.length)]!(page.subarray(at, at + length), random)
    at += length
  }
}

const fills = { zeros: () => {}, text, records, noise, periodic, sparse, mixed } satisfies Record<string, Fill>

export type PageKind = keyof typeof fills
export const pageKinds = Object.keys(fills) as PageKind[]

export function makePage(kind: PageKind, size: number, random: Random): Uint8Array<ArrayBuffer> {
  const page = new Uint8Array(size)
  fills[kind](page, random)
  return page
}
