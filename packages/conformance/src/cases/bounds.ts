/** Sizes that do not fit and bytes that no encoder wrote: nothing is written where nothing is to be, and nothing wrong passes for right. */
import { check, equalBytes, fail, sameBytes } from '../check.js'
import { decompress, expectContained, expectPage, expectPageOrRefusal, press, roundTrip, tryPress } from '../codec.js'
import { guarded } from '../memory.js'
import { makePage, pageKinds } from '../pages.js'
import type { Case, Trial } from '../types.js'

/** Up to `most` different numbers from 0 to `below` - 1, both ends among them. */
function points(t: Trial, below: number, most: number): number[] {
  if (below <= most) return Array.from({ length: below }, (_, i) => i)
  const some = new Set([0, 1, 2, 3, below - 3, below - 2, below - 1])
  while (some.size < most) some.add(t.pick(below))
  return [...some]
}

const kinds = ['zero', 'text', 'pointers', 'nearly-noise'] as const

export const boundsCases: readonly Case[] = [
  {
    id: 'bounds/dst-exact',
    claim: 'decompress into exactly a page writes nothing beside it',
    level: 1,
    mutants: ['wild-copy'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of pageKinds) roundTrip(ctx, makePage(kind, t.pageSize, t.seed), `a ${kind} page`)
    },
  },
  {
    id: 'bounds/dst-short',
    claim: 'a page that is longer than dst is refused, and nothing is written past dst',
    level: 1,
    mutants: ['clips-to-dst'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of kinds) {
        const bytes = tryPress(ctx, makePage(kind, t.pageSize, t.seed))
        if (!bytes) continue
        for (const length of [1, t.pageSize >> 1, t.pageSize - 1]) {
          const [answer] = expectContained(ctx, bytes, length, `a ${kind} page into ${length} bytes`)
          check(answer < 0, `decompress of a ${kind} page into ${length} bytes to be corrupt or noSpace`, answer)
        }
      }
    },
  },
  {
    id: 'bounds/dst-long',
    claim: 'what is shorter than dst is not answered with dst.length',
    level: 1,
    mutants: ['answers-page-size'],
    async run(t) {
      const ctx = await t.ctx()
      for (const length of [1, t.pageSize >> 1, t.pageSize - 1]) {
        const bytes = tryPress(ctx, makePage('text', length, t.seed))
        if (!bytes) continue
        const [answer] = expectContained(ctx, bytes, t.pageSize, `${length} bytes into a page`)
        check(answer !== t.pageSize, `decompress of ${length} bytes into a page not to answer ${t.pageSize}`, answer)
      }
    },
  },
  {
    id: 'bounds/src-empty',
    claim: 'no bytes are refused, since no encoder writes none',
    level: 1,
    mutants: ['empty-is-zero-page'],
    async run(t) {
      const ctx = await t.ctx()
      const [answer] = expectContained(ctx, new Uint8Array(0), t.pageSize, 'no bytes')
      check(answer < 0, 'decompress of no bytes to be corrupt', answer)
    },
  },
  {
    id: 'bounds/src-byte',
    claim: 'a single byte, whatever it is, is contained',
    level: 1,
    mutants: ['returns-zero'],
    async run(t) {
      const ctx = await t.ctx()
      for (let byte = 0; byte < 256; byte++) expectContained(ctx, Uint8Array.of(byte), t.pageSize, `the byte ${byte}`)
    },
  },
  {
    id: 'bounds/src-truncated',
    claim: 'a page cut short anywhere is refused, or still gives exactly the page',
    level: 1,
    mutants: ['pads-truncated'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of kinds) {
        const page = makePage(kind, t.pageSize, t.seed)
        const bytes = tryPress(ctx, page)
        if (!bytes) continue
        for (const n of points(t, bytes.length, 200)) {
          expectPageOrRefusal(ctx, bytes.subarray(0, n), page, `${n} of the ${bytes.length} bytes of a ${kind} page`)
        }
      }
    },
  },
  {
    id: 'bounds/src-garbage',
    claim: 'garbage is contained: a number, nothing written outside dst, no throw',
    level: 1,
    mutants: ['throws-on-garbage'],
    async run(t) {
      const ctx = await t.ctx()
      for (let i = 0; i < 200; i++) {
        const length = 1 + t.pick(i < 100 ? 64 : 2 * t.pageSize)
        const kind = pageKinds[t.pick(pageKinds.length)]!
        expectContained(ctx, makePage(kind, length, t.seed + i), t.pageSize, `${length} bytes of ${kind}, no page,`)
      }
    },
  },
  {
    id: 'bounds/bit-flips',
    claim: 'a page with a bit flipped is contained',
    level: 1,
    mutants: ['writes-before-dst'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of kinds) {
        const bytes = tryPress(ctx, makePage(kind, t.pageSize, t.seed))
        if (!bytes) continue
        for (const at of points(t, bytes.length * 8, 300)) {
          const flipped = bytes.slice()
          flipped[at >> 3]! ^= 1 << (at & 7)
          expectContained(ctx, flipped, t.pageSize, `a ${kind} page with bit ${at} flipped`)
        }
      }
    },
  },
  {
    id: 'bounds/no-stale-bytes',
    claim: 'a claim of success depends on src alone, never on what dst or its surroundings held',
    level: 1,
    mutants: ['assumes-zeroed-dst'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of kinds) {
        const bytes = tryPress(ctx, makePage(kind, t.pageSize, t.seed))
        if (!bytes) continue
        for (const at of [-1, ...points(t, bytes.length * 8, 150)]) {
          const src = bytes.slice()
          if (at >= 0) src[at >> 3]! ^= 1 << (at & 7)
          const what = at < 0 ? `a ${kind} page` : `a ${kind} page with bit ${at} flipped`
          const one = guarded(t.pageSize, { fill: 0x00 })
          const two = guarded(t.pageSize, { fill: 0xff })
          const answers = [decompress(ctx, src, one.view, what), decompress(ctx, src, two.view, what)]
          check(answers[0] === answers[1], `decompress of ${what} to answer the same twice`, answers)
          if (answers[0] !== t.pageSize || equalBytes(one.view, two.view)) continue
          fail(`decompress of ${what} to fill dst the same, whatever it held`, 'bytes that dst held before')
        }
      }
    },
  },
  {
    id: 'bounds/after-failure',
    claim: 'a context works on after refusing garbage, for both directions',
    level: 1,
    mutants: ['sticky-failure'],
    async run(t) {
      const ctx = await t.ctx()
      const page = makePage('text', t.pageSize, t.seed)
      const bytes = press(ctx, page)
      for (let i = 0; i < 20; i++) {
        expectContained(ctx, bytes.subarray(0, t.pick(bytes.length)), t.pageSize, 'a truncated page')
        expectContained(ctx, makePage('noise', 1 + t.pick(500), t.seed + i), t.pageSize, 'noise')
        expectPage(ctx, bytes, page, 'a page after garbage')
        sameBytes(press(ctx, page, 'a page after garbage'), bytes, 'a page compressed after garbage')
      }
    },
  },
  {
    id: 'bounds/src-unchanged',
    claim: 'decompress leaves src as it is',
    level: 1,
    mutants: ['scribbles-on-src'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of pageKinds) {
        const bytes = tryPress(ctx, makePage(kind, t.pageSize, t.seed))
        if (bytes) expectContained(ctx, bytes, t.pageSize, `a ${kind} page`)
      }
    },
  },
]
