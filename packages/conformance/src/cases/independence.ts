/** What must not leak from page to page, from context to context, from setup to setup. */
import type { ZcompCtx, ZcompParams } from '@zcomp/core'
import { check, same, sameBytes } from '../check.js'
import { expectPage, press, roundTrip, tryPress } from '../codec.js'
import { makePage, type PageKind, pageKinds } from '../pages.js'
import type { Case, Trial } from '../types.js'

/** What a context of its own, used for nothing else, makes of each kind of page. */
async function alone(t: Trial, extra: Partial<ZcompParams> = {}): Promise<Map<PageKind, Uint8Array | undefined>> {
  const results = new Map<PageKind, Uint8Array | undefined>()
  for (const kind of pageKinds) results.set(kind, tryPress(await t.ctx(extra), makePage(kind, t.pageSize, t.seed)))
  return results
}

function expectSame(ctx: ZcompCtx, kind: PageKind, t: Trial, wanted: Uint8Array | undefined, what: string): void {
  const bytes = tryPress(ctx, makePage(kind, t.pageSize, t.seed), `a ${kind} page ${what}`)
  same(bytes?.length, wanted?.length, `the length of a ${kind} page ${what}`)
  if (bytes && wanted) sameBytes(bytes, wanted, `a ${kind} page ${what}`)
}

/** Two sets of parameters that write different bytes, where the backend has such. */
function twoParams({ caps }: Trial): [Partial<ZcompParams>, Partial<ZcompParams>] {
  const { levels, dict } = caps
  if (dict !== 'none') return [{ dict: makePage('text', Math.min(1024, dict.maxBytes), 77) }, {}]
  return levels === 'none' ? [{}, {}] : [{ level: levels.min }, { level: levels.max }]
}

export const independenceCases: readonly Case[] = [
  {
    id: 'independence/deterministic',
    claim: 'the same page with the same parameters gives the same bytes: again, in another context, in another setup',
    level: 1,
    mutants: ['salts-output'],
    async run(t) {
      const wanted = await alone(t)
      const setup = await t.setup()
      const ctxs = [t.ctxOf(setup), t.ctxOf(setup), await t.ctx()]
      for (const [i, ctx] of ctxs.entries()) {
        for (const [kind, bytes] of wanted) {
          expectSame(ctx, kind, t, bytes, `in context ${i}`)
          expectSame(ctx, kind, t, bytes, `in context ${i}, again`)
        }
      }
    },
  },
  {
    id: 'independence/pages',
    claim: 'nothing of a page is left in the context for the next, in either direction',
    level: 1,
    mutants: ['remembers-last-page'],
    async run(t) {
      const wanted = await alone(t)
      const ctx = await t.ctx()
      const fresh = await t.ctx()
      for (let i = 0; i < 40; i++) {
        const kind = pageKinds[t.pick(pageKinds.length)]!
        const page = makePage(kind, t.pageSize, t.seed)
        // The same text a little later: a table that was not cleared would find it.
        roundTrip(ctx, makePage(kind, 1 + t.pick(t.pageSize), t.seed), 'the page before')
        expectSame(ctx, kind, t, wanted.get(kind), 'after other pages')
        const bytes = wanted.get(kind)
        if (bytes)
          expectPage(i % 2 ? ctx : fresh, bytes, page, `a ${kind} page by ${i % 2 ? 'this' : 'a fresh'} context`)
      }
    },
  },
  {
    id: 'independence/contexts',
    claim: 'contexts of one setup share no input, no buffer and no state',
    level: 1,
    mutants: ['shares-buffer'],
    async run(t) {
      const setup = await t.setup()
      const [a, b] = [t.ctxOf(setup), t.ctxOf(setup)]
      const [text, pointers] = [makePage('text', t.pageSize, t.seed), makePage('pointers', t.pageSize, t.seed)]
      for (const ctx of [a, b]) {
        ctx.input.fill(0x11)
        ctx.buffer.fill(0x22)
      }
      a.input.set(text)
      same(b.input[0], 0x11, "the other context's input after writing to this one's")
      b.input.set(pointers)
      sameBytes(a.input.subarray(0, t.pageSize), text, "this context's input after writing to the other's")
      const fromA = a.compress(0, t.pageSize)
      same(b.buffer[0], 0x22, "the other context's buffer after compress in this one")
      const kept = a.buffer.slice(0, fromA)
      const fromB = b.compress(0, t.pageSize)
      check(fromA > 0 && fromB > 0, 'both pages to be compressed', [fromA, fromB])
      sameBytes(a.buffer.subarray(0, fromA), kept, "this context's buffer after compress in the other")
      expectPage(b, a.buffer.subarray(0, fromA), text, 'the page of one context in the other')
      expectPage(a, b.buffer.subarray(0, fromB), pointers, 'the page of the other context in this one')
    },
  },
  {
    id: 'independence/views-stay',
    claim: 'input and buffer are the same memory as long as the context lives: not detached, not moved, not replaced',
    level: 1,
    mutants: ['moves-buffer'],
    async run(t) {
      const setup = await t.setup()
      const ctx = t.ctxOf(setup)
      const { input, buffer } = ctx
      const sizes = [input.length, buffer.length]
      for (let i = 0; i < 12; i++) {
        const other = t.ctxOf(setup)
        roundTrip(other, makePage('noise', t.pageSize, t.seed + i))
        roundTrip(ctx, makePage('noise', t.pageSize, t.seed + i))
        const what = `after ${i + 1} more contexts`
        check(input.length === sizes[0] && buffer.length === sizes[1], `views to stay attached ${what}`, [
          input.length,
          buffer.length,
        ])
        const page = makePage('text', t.pageSize, t.seed + i)
        input.set(page)
        const wrote = ctx.compress(0, t.pageSize)
        check(wrote > 0, `a page written to the first view of input to be compressed ${what}`, wrote)
        expectPage(other, buffer.subarray(0, wrote), page, `the first view of buffer ${what}`)
      }
    },
  },
  {
    id: 'independence/setups',
    claim: 'setups with different parameters live side by side',
    level: 1,
    mutants: ['last-setup-wins'],
    async run(t) {
      const [one, two] = twoParams(t)
      const [wantedOne, wantedTwo] = [await alone(t, one), await alone(t, two)]
      const [a, b] = [await t.ctx(one), await t.ctx(two)]
      for (const kind of pageKinds) {
        expectSame(a, kind, t, wantedOne.get(kind), 'beside another setup')
        expectSame(b, kind, t, wantedTwo.get(kind), 'beside another setup')
        const bytes = wantedOne.get(kind)
        if (bytes) expectPage(a, bytes, makePage(kind, t.pageSize, t.seed), `a ${kind} page beside another setup`)
      }
    },
  },
  {
    id: 'independence/page-sizes',
    claim: 'setups with different page sizes live side by side',
    level: 1,
    mutants: ['last-page-size-wins'],
    when: ({ pageSizes }) => pageSizes.min < pageSizes.max,
    async run(t) {
      const { min, max } = t.caps.pageSizes
      const sizes = [Math.min(max, 65536), min]
      const ctxs: ZcompCtx[] = []
      for (const pageSize of sizes) ctxs.push(await t.ctx({ pageSize }))
      for (let i = 0; i < 4; i++) {
        for (const [k, ctx] of ctxs.entries()) {
          const page = makePage('text', sizes[k]!, t.seed + i)
          expectPage(ctx, press(ctx, page), page, `a page of ${sizes[k]} bytes beside other sizes`)
        }
      }
    },
  },
]
