/**
 * Claims that are known not to hold, each with the member of the contract that makes the scenario meaningless for the backend. A waiver
 * for a claim that holds after all fails the run.
 */
import type { Mode } from './forms.js'
import type { Row } from './row.js'

export interface Waiver {
  readonly backend: string
  readonly scenario: string
  /** Absent: both forms, and both have to break. */
  readonly mode?: Mode
  /** The member of the contract, such as `caps.dict`. */
  readonly member: string
  readonly reason: string
}

export const waivers: readonly Waiver[] = []

/** A broken row that is waived changes its outcome; a waiver whose row did not break makes it a broken one. */
export function applyWaiver(row: Row, list: readonly Waiver[] = waivers): Row {
  const waiver = list.find(
    ({ backend, scenario, mode = row.mode }) =>
      backend === row.backend && scenario === row.scenario && mode === row.mode,
  )
  if (!waiver) return row
  const why = `${waiver.member}: ${waiver.reason}`
  if (row.outcome === 'broke') return { ...row, outcome: 'waived', why }
  return { ...row, outcome: 'broke', why: `the waiver is stale: ${why}`, expected: 'broke', received: row.outcome }
}
