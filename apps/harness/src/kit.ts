/** The conformance kit's cases as rows beside ours. */
import { allCases, type CaseReport, judge } from '@zcomp/conformance'
import type { Subject } from './backends.js'
import type { Outcome, Row } from './row.js'

const prefix = 'kit/'

/** All cases of the kit, as the harness names them. */
export const kitClaims: readonly { readonly id: string; readonly claim: string }[] = allCases.map(({ id, claim }) => ({
  id: prefix + id,
  claim,
}))

const outcomes: Record<CaseReport['verdict'], Outcome> = {
  held: 'held',
  broke: 'broke',
  waived: 'waived',
  'stale-waiver': 'broke',
  'not-claimed': 'not claimed',
}

export interface KitRun {
  readonly subject: Subject
  readonly subjects: readonly Subject[]
  readonly seed: number
  /** Which cases run, by the harness's names. */
  readonly ids: readonly string[]
  replay(id: string): string
}

/** Judges one backend, a row at a time. */
export async function* runKit({ subject, subjects, seed, ids, replay }: KitRun): AsyncGenerator<Row> {
  const { ops, golden } = subject
  const peers = subjects.map((each) => each.ops).filter((each) => each !== ops && each.format === ops.format)
  for (const { id, claim } of kitClaims.filter(({ id }) => ids.includes(id))) {
    const start = performance.now()
    const cases = [id.slice(prefix.length)]
    const row = { backend: ops.name, scenario: id, claim, replay: replay(id) }
    try {
      const report = await judge(ops, { cases, seed, peers, ...(golden === undefined ? {} : { golden }) })
      const ms = performance.now() - start
      for (const each of report.cases) yield { ...row, ...verdictOf(each), ms }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      yield { ...row, outcome: 'broke', why: `the kit cannot judge it: ${why}`, ms: performance.now() - start }
    }
  }
}

function verdictOf({
  verdict,
  expected,
  received,
  why,
}: CaseReport): Pick<Row, 'outcome' | 'why' | 'expected' | 'received'> {
  return {
    outcome: outcomes[verdict],
    why: why ?? (verdict === 'broke' ? 'the claim does not hold' : 'its caps do not claim it'),
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
  }
}
