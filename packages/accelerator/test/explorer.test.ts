/** Every interleaving of main's and engines' operations on shared memory, on the code itself. docs/explorer.md says how, and what not. */
import { type Exploration, explore, summary, traceText } from '@zcomp/conformance/explorer'
import { describe, expect, test } from 'vitest'
import { mutants } from './explorer/mutants.js'
import { poolModel } from './explorer/pool-model.js'
import type { WorldOptions } from './explorer/world-options.js'

/** Larger ones by hand: ZCOMP_EXPLORE='[{"writers":2,"slots":2}]', with ZCOMP_EXPLORE_STATES as the bound. */
const { ZCOMP_EXPLORE, ZCOMP_EXPLORE_STATES = '1000000' } = process.env
const everyFault: Partial<WorldOptions> = { faults: 1, kinds: ['fault', 'twice', 'die', 'late', 'hang'] }

function exploreAll(options: Partial<WorldOptions>, maxStates = 200_000): Exploration {
  const done = explore(poolModel(options), { ends: true, maxStates })
  console.log(summary(done))
  for (const finding of done.findings) console.log(traceText(finding))
  return done
}

const sizes: readonly (readonly [string, Partial<WorldOptions>])[] = [
  ['an engine that is just beginning', { asleep: false }],
  ['a page after a page', { rounds: 2 }],
  ['any one fault at any moment', everyFault],
  ['a setup that ends at any moment', { leaves: true }],
]

const inBothForms = [
  ...sizes.flatMap(([what, options]) =>
    (['promise', 'call'] as const).map((answers) => [what, answers, { ...options, answers }] as const),
  ),
  // A ring that is taken for one of the sleep before shows with the next: two pages are too few.
  ['three pages', 'call', { rounds: 3, answers: 'call' }] as const,
  // An engine publishes one answer when it has taken the next request, so there have to be two.
  ['two requests with one engine', 'call', { writers: 2, slots: 2, answers: 'call' }] as const,
  ['a setup that comes while another ends', 'call', { setups: 2, leaves: true, comes: true, answers: 'call' }] as const,
]

describe('the pool, its rings and its slots', () => {
  test.each(inBothForms)(
    'lose, mix up and owe nothing: %s, answers by %s',
    (_, _answers, options) => {
      const done = exploreAll(options)
      expect(done.findings).toEqual([])
      expect(done.complete).toBe(true)
      expect(done.states).toBeGreaterThan(200)
      const pages = (options.writers ?? 1) * (options.rounds ?? 1)
      expect(done.greatest['wake-ups of main']).toBeLessThanOrEqual(pages)
    },
    120_000,
  )

  test.each(mutants)(
    'would be seen if $title',
    ({ mutation, options, kind }) => {
      const done = explore(poolModel({ ...options, mutation }), { until: [kind], maxStates: 20_000 })
      const finding = done.findings.find((one) => one.kind === kind)
      expect(finding?.trace.length).toBeGreaterThan(10)
      console.log(`${done.states} states; ${traceText(finding!)}`)
    },
    120_000,
  )

  if (ZCOMP_EXPLORE) {
    const asked = [JSON.parse(ZCOMP_EXPLORE)].flat() as Partial<WorldOptions>[]
    test.each(asked)(
      'hold in what was asked for: %j',
      (options) => {
        expect(exploreAll(options, Number(ZCOMP_EXPLORE_STATES)).findings).toEqual([])
      },
      86_400_000,
    )
  }
})
