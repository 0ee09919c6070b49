/** The conformance kit's cases as rows beside ours: contract, scenarios of managed streams, and those of the patches' policy. */
import { allCases, type Case, type CaseReport, judge, pocCases } from '@zcomp/conformance'
import type { ZcompOps } from '@zcomp/core'
import type { Subject } from './backends.js'
import type { Forms } from './forms.js'
import type { Outcome, Row } from './row.js'

export interface Claim {
  readonly id: string
  readonly claim: string
}

/** As the harness names it: `kit/…` what every backend must do, `F01` to `F45` managed streams under faults, `poc/…` the patches' policy. */
const named = (one: Case): Claim & { readonly one: Case } => ({
  id: one.level === 1 ? `kit/${one.id}` : one.id,
  claim: one.claim,
  one,
})

const cases = [...allCases, ...pocCases].map(named)

/** All cases of the kit, as the harness names them. */
export const kitClaims: readonly Claim[] = cases.map(({ id, claim }) => ({ id, claim }))

const outcomes: Record<CaseReport['verdict'], Outcome> = {
  held: 'held',
  broke: 'broke',
  waived: 'waived',
  'stale-waiver': 'broke',
  'not-claimed': 'not claimed',
}

export interface KitRun {
  readonly subject: Subject
  readonly forms: Forms
  readonly subjects: readonly Subject[]
  readonly seed: number
  /** Random schedules of each scenario of managed streams. */
  readonly seeds: number
  /** Which cases run, by the harness's names. */
  readonly ids: readonly string[]
  replay(id: string, seed?: number): string
}

/** Judges one backend, a row at a time. */
export async function* runKit(run: KitRun): AsyncGenerator<Row> {
  const { ops } = run.subject
  for (const { id, claim, one } of cases.filter(({ id }) => run.ids.includes(id))) {
    const start = performance.now()
    const row = { backend: ops.name, scenario: id, claim }
    try {
      const report = await judgeForms(one, run)
      const ms = performance.now() - start
      yield { ...row, ...verdictOf(report), ms, seed: report.seed, replay: run.replay(id, report.seed) }
    } catch (error) {
      const why = `the kit cannot judge it: ${error instanceof Error ? error.message : String(error)}`
      yield { ...row, outcome: 'broke', why, ms: performance.now() - start, replay: run.replay(id) }
    }
  }
}

/** The backend as it is; what is about managed streams and is not claimed is asked of its managed form. */
async function judgeForms(one: Case, run: KitRun): Promise<CaseReport> {
  const { subject, forms } = run
  const report = await judgeOne(one, subject.ops, run)
  const { managed } = forms
  if (report.verdict !== 'not-claimed' || !one.id.startsWith('managed/')) return report
  return typeof managed === 'string' || managed === subject.ops ? report : judgeOne(one, managed, run)
}

async function judgeOne(one: Case, ops: ZcompOps, { subject, subjects, seed, seeds }: KitRun): Promise<CaseReport> {
  const { golden } = subject
  const peers = subjects.map((each) => each.ops).filter((each) => each !== subject.ops && each.format === ops.format)
  const options = { suite: [one], cases: [one.id], seed, seeds, peers, ...(golden === undefined ? {} : { golden }) }
  const report = await judge(ops, options)
  return report.cases[0] as CaseReport
}

function verdictOf(report: CaseReport): Pick<Row, 'outcome' | 'why' | 'expected' | 'received'> {
  const { verdict, why } = report
  const { expected, received } = withoutBytes(report)
  const outcome = outcomes[verdict]
  if (outcome === 'held') return { outcome }
  return {
    outcome,
    why: why ?? (verdict === 'broke' ? 'the claim does not hold' : 'its caps do not claim it'),
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
  }
}

/** The kit shows where two pages part and the bytes there; a report says only where. */
function withoutBytes({ expected, received }: CaseReport): Pick<CaseReport, 'expected' | 'received'> {
  const where = /^(.*: at byte \d+ of \d+) [0-9a-f ]+$/s.exec(expected ?? '')?.[1]
  if (where === undefined || received === undefined)
    return { ...(expected && { expected }), ...(received && { received }) }
  return { expected: `${where} the same`, received: received.replace(/^(?:[0-9a-f]{2} ?)+/, 'other bytes ').trimEnd() }
}
