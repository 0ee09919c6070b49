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
  for (const id of ids) {
    const start = performance.now()
    const report = await judge(ops, {
      cases: [id.slice(prefix.length)],
      seed,
      peers,
      ...(golden === undefined ? {} : { golden }),
    })
    const ms = performance.now() - start
    for (const each of report.cases) yield rowOf(each, ops.name, ms, replay(id))
  }
}

function rowOf(
  { id, claim, verdict, expected, received, why }: CaseReport,
  backend: string,
  ms: number,
  replay: string,
): Row {
  return {
    backend,
    scenario: prefix + id,
    claim,
    outcome: outcomes[verdict],
    ms,
    why: why ?? (verdict === 'broke' ? 'the claim does not hold' : 'its caps do not claim it'),
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
    replay,
  }
}
