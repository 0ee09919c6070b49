/** Contexts and setups come and go, in the order of the contract, and take nothing with them that is not theirs. */
import type { ZcompCtx, ZcompParams, ZcompSetup } from '@zcomp/core'
import { check, fail } from '../check.js'
import { expectContained, expectPage, makeCtx, press } from '../codec.js'
import { makePage } from '../pages.js'
import type { Case, Trial } from '../types.js'

/** A setup that the case ends itself. */
async function open(t: Trial, extra: Partial<ZcompParams> = {}): Promise<ZcompSetup> {
  const setup = await t.settle(t.ops.setupParams(t.params(extra)), 'setupParams')
  return 'refused' in setup ? fail('setupParams to accept', setup) : setup
}

async function endSetup(t: Trial, setup: ZcompSetup): Promise<void> {
  const ending: unknown = setup[Symbol.asyncDispose]()
  if (!(ending instanceof Promise)) fail('asyncDispose of a setup to return a promise', ending)
  await t.settle(ending, 'asyncDispose of a setup')
}

/** A dictionary where there can be one: most of what setups share is made of it. */
function sharing({ caps: { dict } }: Trial): Partial<ZcompParams> {
  return dict === 'none' ? {} : { dict: makePage('text', Math.min(2048, dict.maxBytes), 5) }
}

function expectAlive(ctx: ZcompCtx, t: Trial, what: string): void {
  for (const kind of ['text', 'pointers'] as const) {
    const page = makePage(kind, t.pageSize, t.seed)
    expectPage(ctx, press(ctx, page, `a page ${what}`), page, `a page ${what}`)
  }
}

export const lifetimeCases: readonly Case[] = [
  {
    id: 'lifetime/context-ends',
    claim: 'what contexts share outlives each of them',
    level: 1,
    mutants: ['context-frees-shared'],
    async run(t) {
      const setup = await t.setup(sharing(t))
      const staying = t.ctxOf(setup)
      for (let i = 0; i < 5; i++) {
        const passing = makeCtx(setup)
        expectAlive(passing, t, 'in a passing context')
        passing[Symbol.dispose]()
        expectAlive(staying, t, 'after another context was disposed of')
      }
      expectAlive(t.ctxOf(setup), t, 'in a context made after others were disposed of')
    },
  },
  {
    id: 'lifetime/context-fails',
    claim: 'a failure in one context leaves what the others share alone',
    level: 1,
    mutants: ['failure-frees-shared'],
    async run(t) {
      const setup = await t.setup(sharing(t))
      const [failing, staying] = [t.ctxOf(setup), t.ctxOf(setup)]
      for (let i = 0; i < 20; i++) {
        expectContained(failing, makePage('noise', 1 + t.pick(300), t.seed + i), t.pageSize, 'noise in one context')
        expectAlive(staying, t, 'after a failure in another context')
      }
      expectAlive(t.ctxOf(setup), t, 'in a context made after a failure')
    },
  },
  {
    id: 'lifetime/setup-ends',
    claim: 'a setup ends with a promise that resolves, and others go on',
    level: 1,
    mutants: ['setup-never-ends', 'setup-ends-all'],
    async run(t) {
      const staying = await t.ctx(sharing(t))
      const passing = await open(t, sharing(t))
      const ctx = makeCtx(passing)
      expectAlive(ctx, t, 'in a passing setup')
      ctx[Symbol.dispose]()
      await endSetup(t, passing)
      expectAlive(staying, t, 'after another setup was disposed of')
      expectAlive(await t.ctx(sharing(t)), t, 'in a setup made after another was disposed of')
    },
  },
  {
    id: 'lifetime/unused',
    claim: 'a setup without contexts ends, and so does a context that was never used',
    level: 1,
    mutants: ['ends-only-after-use'],
    async run(t) {
      await endSetup(t, await open(t))
      const setup = await open(t)
      makeCtx(setup)[Symbol.dispose]()
      await endSetup(t, setup)
    },
  },
  {
    id: 'lifetime/many-setups',
    claim: 'setups may be made and ended any number of times',
    level: 1,
    mutants: ['leaks-setups'],
    async run(t) {
      const page = makePage('text', t.pageSize, t.seed)
      for (let i = 0; i < 50; i++) {
        const setup = await open(t, i % 2 ? sharing(t) : {})
        const ctx = makeCtx(setup)
        expectPage(ctx, press(ctx, page), page, `a page of setup ${i}`)
        ctx[Symbol.dispose]()
        await endSetup(t, setup)
      }
    },
  },
  {
    id: 'lifetime/many-contexts',
    claim: 'a setup makes contexts any number of times, and many at once',
    level: 1,
    mutants: ['two-contexts-at-most', 'leaks-contexts'],
    async run(t) {
      const setup = await t.setup()
      const live = Array.from({ length: 16 }, () => t.ctxOf(setup))
      check(new Set(live).size === live.length, 'sixteen contexts', new Set(live).size)
      for (const ctx of live) expectAlive(ctx, t, 'in one of sixteen contexts')
      for (let i = 0; i < 100; i++) {
        const ctx = makeCtx(setup)
        if (i % 20 === 0) expectAlive(ctx, t, `in context ${i}`)
        ctx[Symbol.dispose]()
      }
    },
  },
]
