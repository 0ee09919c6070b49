/** The cases as tests of whatever runner calls. */
import type { Golden } from './golden.js'
import { readGolden } from './golden.js'
import { claims, judgeCase, type Plan, planWith } from './judge.js'
import { explain, isFailure } from './report.js'
import type { Case, JudgeOptions, Subject } from './types.js'

/** What vitest, node:test, mocha, jest and their like have in common. */
export interface Runner {
  describe(name: string, body: () => void): unknown
  /** The third argument, a time limit in milliseconds, may be ignored. */
  it(name: string, body: (...context: unknown[]) => Promise<void>, limitMs?: number): unknown
}

/** What vitest and node:test hand to a test. */
interface TestContext {
  skip(why?: string): void
}

/**
 * Registers a test for each case that the backend claims; a failing one throws an Error that says claim, expected, received, seed and
 * the command that runs it alone. Where a function makes the backend, what it claims is not known in advance: then every case is
 * registered, and is skipped where it is not claimed, if the runner lets a test skip itself; else it passes.
 */
export function describeBackend(subject: Subject, { describe, it, ...options }: Runner & JudgeOptions): void {
  const golden = loader(options.golden)
  const plan = planWith(options, [])
  const known = typeof subject === 'function' ? undefined : subject
  const hasGolden = options.golden !== undefined
  const cases = plan.cases.filter((one) => !known || mayClaim(one, known, plan, hasGolden))
  describe(`${known?.name ?? 'backend'} conforms`, () => {
    for (const one of cases) {
      const body = async (...[context]: unknown[]): Promise<void> => {
        const report = await judgeCase(one, subject, { ...plan, trial: { ...plan.trial, golden: await golden() } })
        if (isFailure(report)) throw new Error(explain(report))
        if (report.verdict === 'not-claimed' && canSkip(context)) context.skip(report.why ?? 'not claimed')
      }
      it(`${one.id}: ${one.claim}`, body, plan.trial.limitMs + 1000)
    }
    if (cases.length > 0 && plan.problems.length === 0) return
    it('is judged at all', async () => {
      throw new Error(['no case is left to run', ...plan.problems].slice(cases.length > 0 ? 1 : 0).join('; '))
    })
  })
}

function canSkip(context: unknown): context is TestContext {
  return typeof context === 'object' && context !== null && 'skip' in context && typeof context.skip === 'function'
}

/** Golden pages are read when the first test asks, since registering cannot wait. Till then, having some counts as claiming. */
function loader(golden: JudgeOptions['golden']): () => Promise<readonly Golden[]> {
  let read: Promise<readonly Golden[]> | undefined
  return () => {
    read ??= typeof golden === 'string' || golden instanceof URL ? readGolden(golden) : Promise.resolve(golden ?? [])
    return read
  }
}

function mayClaim(one: Case, ops: Parameters<typeof claims>[1], plan: Plan, hasGolden: boolean): boolean {
  const golden: readonly Golden[] = hasGolden ? [{ format: ops.format, params: { pageSize: 0 }, pages: [] }] : []
  return claims(one, ops, { peers: plan.trial.peers, golden })
}
