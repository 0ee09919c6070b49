/** Parameters both ways: what is claimed works, what is not is refused by name. */
import type { Range, ZcompCaps, ZcompParams } from '@zcomp/core'
import { equalBytes, fail, sameBytes } from '../check.js'
import { press, roundTrip, tryPress } from '../codec.js'
import { makePage, type PageKind, pageKinds } from '../pages.js'
import type { Case, Trial } from '../types.js'

type Knob = 'level' | 'winbits'

/** Pages above this are not tried: they cost time and prove nothing new. */
const largestTried = 1 << 20

const rangeOf = (caps: ZcompCaps, knob: Knob): Range | 'none' => (knob === 'level' ? caps.levels : caps.winbits)
const has = (knob: Knob) => (caps: ZcompCaps) => rangeOf(caps, knob) !== 'none'
const lacks = (knob: Knob) => (caps: ZcompCaps) => rangeOf(caps, knob) === 'none'

function claimed(t: Trial, knob: Knob): Range {
  const range = rangeOf(t.caps, knob)
  return range === 'none' ? fail(`caps to claim ${knob}`, range) : range
}

/** Both ends, the default, what lies between: all of it where that is little. */
function samples(t: Trial, { min, max, default: fallback }: Range): number[] {
  const some = new Set([min, max, ...(fallback === 'auto' ? [] : [fallback])])
  if (max - min < 24) for (let n = min; n <= max; n++) some.add(n)
  else for (let i = 0; i < 8; i++) some.add(min + t.pick(max - min + 1))
  return [...some]
}

/** What a page becomes with these parameters; nothing where it is declined. */
async function bytesWith(t: Trial, extra: Partial<ZcompParams>, kind: PageKind): Promise<Uint8Array> {
  const ctx = await t.ctx(extra)
  return tryPress(ctx, makePage(kind, extra.pageSize ?? t.pageSize, t.seed)) ?? new Uint8Array(0)
}

async function checkDiffers(t: Trial, a: Partial<ZcompParams>, b: Partial<ZcompParams>, what: string): Promise<void> {
  for (const kind of pageKinds) {
    if (!equalBytes(await bytesWith(t, a, kind), await bytesWith(t, b, kind))) return
  }
  fail(`${what} to make a difference on some page`, 'the same bytes for every kind of page')
}

/** A window matters only to a page with repeats farther apart than the smaller one. */
function pageBeyond(t: Trial, { min, max }: Range): number | undefined {
  const largest = Math.min(t.caps.pageSizes.max, 1 << 16)
  return min < max && largest / 2 > 2 ** min ? largest : undefined
}

function rangeCases(knob: Knob, plural: string): Case[] {
  return [
    {
      id: `params/${plural}-accepted`,
      claim: `every ${knob} of the claimed range works: both ends, the default, some between`,
      level: 1,
      mutants: [`refuses-largest-${knob}`],
      when: has(knob),
      async run(t) {
        for (const value of samples(t, claimed(t, knob))) {
          const ctx = await t.ctx({ [knob]: value })
          for (const kind of ['text', 'repeats', 'noise'] as const) {
            roundTrip(ctx, makePage(kind, t.pageSize, t.seed), `a ${kind} page at ${knob} ${value}`)
          }
        }
      },
    },
    {
      id: `params/${plural}-refused`,
      claim: `a ${knob} outside the claimed range is refused by name, neither clamped nor ignored`,
      level: 1,
      mutants: [`clamps-${knob}`],
      when: has(knob),
      async run(t) {
        const { min, max } = claimed(t, knob)
        const outside = [min - 1, max + 1, min - 1000, max + 100000, max + 0.5, Number.NaN, Infinity, -Infinity]
        if (max > min) outside.push(min + 0.5)
        for (const value of outside) await t.refuses({ [knob]: value }, knob)
      },
    },
    {
      id: `params/${knob}-default`,
      claim: `an absent ${knob} is the default that caps name`,
      level: 1,
      mutants: [`other-default-${knob}`],
      when: (caps) =>
        has(knob)(caps) && rangeOf(caps, knob) !== 'none' && (rangeOf(caps, knob) as Range).default !== 'auto',
      async run(t) {
        const range = claimed(t, knob)
        const value = Number(range.default)
        const pageSize = (knob === 'winbits' && pageBeyond(t, range)) || t.pageSize
        for (const kind of pageKinds) {
          const absent = await bytesWith(t, { pageSize }, kind)
          const given = await bytesWith(t, { pageSize, [knob]: value }, kind)
          sameBytes(absent, given, `a ${kind} page without ${knob}, against ${knob} ${value}`)
        }
      },
    },
    {
      id: `params/${knob}-not-claimed`,
      claim: `a ${knob} is refused by name where caps say 'none'`,
      level: 1,
      mutants: [`ignores-unclaimed-${knob}`],
      when: lacks(knob),
      async run(t) {
        for (const value of [-1, 0, 1, 9, 15]) await t.refuses({ [knob]: value }, knob)
      },
    },
  ]
}

export const paramsCases: readonly Case[] = [
  {
    id: 'params/page-sizes-accepted',
    claim: 'every page size of the claimed range works',
    level: 1,
    mutants: ['page-size-lie'],
    async run(t) {
      const { min, max } = t.caps.pageSizes
      for (let pageSize = min; pageSize <= Math.min(max, largestTried); pageSize *= 2) {
        const ctx = await t.ctx({ pageSize })
        if (ctx.input.length < pageSize || ctx.buffer.length < 2 * pageSize) {
          fail(`an input of a page and a buffer of two at page size ${pageSize}`, [ctx.input.length, ctx.buffer.length])
        }
        for (const kind of ['text', 'far-repeats', 'noise'] as const) {
          roundTrip(ctx, makePage(kind, pageSize, t.seed), `a ${kind} page of ${pageSize} bytes`)
        }
      }
    },
  },
  {
    id: 'params/page-sizes-refused',
    claim: 'a page size outside the claimed range, or no power of two, is refused by name',
    level: 1,
    mutants: ['any-page-size'],
    async run(t) {
      const { min, max } = t.caps.pageSizes
      const outside = [min / 2, max * 2, 0, -min, min + 1, min * 1.5, Number.NaN, Infinity, 2 ** 40]
      for (const pageSize of outside) {
        const claimed = pageSize >= min && pageSize <= max && Number.isInteger(Math.log2(pageSize))
        if (!claimed) await t.refuses({ pageSize }, 'pageSize')
      }
    },
  },
  ...rangeCases('level', 'levels'),
  {
    id: 'params/level-matters',
    claim: 'the lowest and the highest level write different bytes for some page',
    level: 1,
    mutants: ['ignores-level'],
    when: ({ levels }) => levels !== 'none' && levels.min < levels.max,
    async run(t) {
      const { min, max } = claimed(t, 'level')
      await checkDiffers(t, { level: min }, { level: max }, `level ${min} against ${max}`)
    },
  },
  ...rangeCases('winbits', 'winbits'),
  {
    id: 'params/winbits-matter',
    claim: 'the smallest and the largest window write different bytes for some page with repeats far apart',
    level: 1,
    mutants: ['ignores-winbits'],
    when: ({ winbits }) => winbits !== 'none' && winbits.min < winbits.max,
    async run(t) {
      const range = claimed(t, 'winbits')
      const pageSize = pageBeyond(t, range)
      if (pageSize === undefined) return
      const { min, max } = range
      await checkDiffers(t, { pageSize, winbits: min }, { pageSize, winbits: max }, `winbits ${min} against ${max}`)
    },
  },
  {
    id: 'params/dict-not-claimed',
    claim: "a dictionary is refused by name where caps say 'none'",
    level: 1,
    mutants: ['ignores-unclaimed-dict'],
    when: ({ dict }) => dict === 'none',
    async run(t) {
      for (const size of [1, 64, 4096]) await t.refuses({ dict: makePage('text', size, t.seed) }, 'dict')
    },
  },
  {
    id: 'params/refusal',
    claim: 'a refusal is an answer, { refused, why }, and the backend sets up what it can honour afterwards',
    level: 1,
    mutants: ['rejects-instead', 'blames-other-parameter'],
    async run(t) {
      await t.refuses({ pageSize: t.caps.pageSizes.max * 2 }, 'pageSize')
      press(await t.ctx(), makePage('text', t.pageSize, t.seed))
    },
  },
]
