/** Dictionaries: what writer and reader both know. Without the claim, the opposite is in `params.ts`. */
import type { ZcompCaps } from '@zcomp/core'
import { check, equalBytes, fail, sameBytes } from '../check.js'
import { expectContained, expectPage, press, roundTrip } from '../codec.js'
import { makePage, pageKinds } from '../pages.js'
import type { Case, Trial } from '../types.js'

const hasDict = ({ dict }: ZcompCaps): boolean => dict !== 'none'

/** Larger dictionaries are not made here, whatever a backend claims. */
const largestMade = 1 << 20

function mostBytes({ caps }: Trial): number {
  return caps.dict === 'none' ? fail('caps to claim dictionaries', caps.dict) : caps.dict.maxBytes
}

/** A dictionary, and a page that repeats a part of it. */
function pair(t: Trial, seed: number = t.seed): { dict: Uint8Array; page: Uint8Array } {
  const dict = makePage('text', Math.min(4096, mostBytes(t)), seed + 1000)
  const page = makePage('nearly-noise', t.pageSize, seed)
  page.set(dict.subarray(0, t.pageSize >> 1), t.pageSize >> 2)
  return { dict, page }
}

export const dictCases: readonly Case[] = [
  {
    id: 'dict/round-trip',
    claim:
      'pages come back with dictionaries of any size up to the largest claimed; below 64 bytes they may be refused',
    level: 1,
    mutants: ['decodes-without-dict'],
    when: hasDict,
    async run(t) {
      const most = mostBytes(t)
      const sizes = new Set([1, 7, 8, 64, 1000, 4096, 32768, Math.min(most, largestMade)])
      for (const size of [...sizes].filter((n) => n <= most)) {
        const dict = makePage('text', size, t.seed + 1000)
        // A few bytes may be too few for a format, which caps cannot say.
        const ctx = size < 64 ? await t.mayRefuse({ dict }, 'dict') : await t.ctx({ dict })
        if (!ctx) continue
        const page = makePage('text', t.pageSize, t.seed)
        page.set(dict.subarray(0, t.pageSize >> 1), 100)
        expectPage(ctx, press(ctx, page), page, `a page like its dictionary of ${size} bytes`)
        for (const kind of pageKinds) {
          roundTrip(ctx, makePage(kind, t.pageSize, t.seed), `a ${kind} page with a dictionary of ${size} bytes`)
        }
      }
    },
  },
  {
    id: 'dict/matters',
    claim: 'a dictionary that the page repeats makes the page smaller',
    level: 1,
    mutants: ['ignores-dict'],
    when: hasDict,
    async run(t) {
      const { dict, page } = pair(t)
      if (dict.length < 64) return
      const [withIt, without] = [press(await t.ctx({ dict }), page), press(await t.ctx(), page)]
      check(
        withIt.length < without.length,
        `fewer bytes than ${without.length}, without the dictionary,`,
        withIt.length,
      )
    },
  },
  {
    id: 'dict/too-long',
    claim: 'a dictionary longer than the largest claimed is refused by name',
    level: 1,
    mutants: ['cuts-long-dict'],
    when: ({ dict }) => dict !== 'none' && dict.maxBytes < 64 << 20,
    run: (t) => t.refuses({ dict: makePage('text', mostBytes(t) + 1, t.seed) }, 'dict'),
  },
  {
    id: 'dict/wrong',
    claim:
      'a page read with another dictionary, or with none, is contained: refused, or a page of wrong bytes, nothing worse',
    level: 1,
    mutants: ['throws-on-wrong-dict'],
    when: hasDict,
    async run(t) {
      const { dict, page } = pair(t)
      const right = await t.ctx({ dict })
      const bytes = press(right, page)
      const others = [{ dict: pair(t, t.seed + 1).dict }, { dict: dict.slice(0, 64) }, {}]
      for (const [i, extra] of others.entries()) {
        const wrong = await t.ctx(extra)
        expectContained(wrong, bytes, t.pageSize, `a page of another dictionary, ${i}`)
        roundTrip(wrong, page, 'a page after one of another dictionary')
      }
      expectPage(right, bytes, page, 'the page with the right dictionary')
    },
  },
  {
    id: 'dict/copied',
    claim: "what becomes of the caller's dictionary after setupParams does not matter",
    level: 1,
    mutants: ['borrows-dict'],
    when: hasDict,
    async run(t) {
      const { dict, page } = pair(t)
      const kept = press(await t.ctx({ dict }), page)
      const lent = dict.slice()
      const setup = await t.setup({ dict: lent })
      lent.fill(0xee)
      const ctx = t.ctxOf(setup)
      const bytes = press(ctx, page)
      check(equalBytes(bytes, kept), 'the same bytes after the dictionary was overwritten', 'other bytes')
      expectPage(ctx, bytes, page, 'a page after the dictionary was overwritten')
    },
  },
  {
    id: 'dict/unchanged',
    claim: "the caller's dictionary is only read",
    level: 1,
    mutants: ['writes-dict'],
    when: hasDict,
    async run(t) {
      const { dict, page } = pair(t)
      const before = dict.slice()
      roundTrip(await t.ctx({ dict }), page)
      sameBytes(dict, before, 'the dictionary after use')
    },
  },
]
