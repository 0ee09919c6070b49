/**
 * Pages as memory holds them, made from a seed. Golden files name their pages by kind, size and seed, so the bytes of a kind never
 * change; a new idea is a new kind.
 */
import { randomFrom } from './random.js'

/**
 * `far-repeats`: the second half is the first. `nearly-noise`: noise with a few short repeats, which most encoders store at about the
 * size of the page.
 */
export type PageKind =
  | 'zero'
  | 'same-filled'
  | 'text'
  | 'pointers'
  | 'sparse'
  | 'repeats'
  | 'far-repeats'
  | 'nearly-noise'
  | 'noise'

type Fill = (page: Uint8Array<ArrayBuffer>, random: () => number) => void

/** A page of `size` bytes. The same arguments give the same bytes on every machine and in every version. */
export function makePage(kind: PageKind, size: number, seed: number = 1): Uint8Array<ArrayBuffer> {
  const page = new Uint8Array(size)
  fills[kind](page, randomFrom(seed))
  return page
}

const words = (
  'page slot pool stream write read error device memory kernel block length buffer offset return const struct ' +
  'static if else for while index size class handle the of and to in is that with was not request queue lock'
).split(' ')

const fills: Record<PageKind, Fill> = {
  zero() {},
  'same-filled'(page, random) {
    const word = Array.from({ length: 8 }, () => below(random, 256))
    for (let i = 0; i < page.length; i++) page[i] = word[i % 8]!
  },
  text(page, random) {
    let i = 0
    while (i < page.length) {
      const end = below(random, 12) === 0 ? ';\n' : ' '
      const word = below(random, 9) === 0 ? String(below(random, 100000)) : words[below(random, words.length)]!
      for (const char of word + end) if (i < page.length) page[i++] = char.charCodeAt(0)
    }
  },
  pointers(page, random) {
    const base = 0x7f00_0000_0000 + below(random, 0xffff) * 0x1_0000
    for (let i = 0; i < page.length; i += 8) {
      const dice = below(random, 8)
      const value = dice < 2 ? 0 : dice < 4 ? below(random, 64) : base + below(random, 4096) * 16
      for (let k = 0; k < 8 && i + k < page.length; k++) page[i + k] = Math.floor(value / 2 ** (8 * k)) & 255
    }
  },
  sparse(page, random) {
    for (let n = Math.ceil(page.length / 50); n > 0; n--) page[below(random, page.length)] = 1 + below(random, 255)
  },
  repeats(page, random) {
    const period = 1 + below(random, 300)
    for (let i = 0; i < page.length; i++) {
      page[i] = i < period || below(random, 64) === 0 ? below(random, 256) : page[i - period]!
    }
  },
  'far-repeats'(page, random) {
    const half = page.length >> 1
    noise(page, random)
    page.copyWithin(page.length - half, 0, half)
  },
  'nearly-noise'(page, random) {
    noise(page, random)
    for (let at = 64; at + 16 < page.length; at += 200 + below(random, 200)) {
      const from = below(random, at - 16)
      page.copyWithin(at, from, from + 8 + below(random, 8))
    }
  },
  noise,
}

/** All kinds, in the order of how well they compress, roughly. */
export const pageKinds: readonly PageKind[] = Object.keys(fills) as PageKind[]

function noise(page: Uint8Array, random: () => number): void {
  for (let i = 0; i < page.length; i++) page[i] = below(random, 256)
}

function below(random: () => number, n: number): number {
  return Math.floor(random() * n)
}
