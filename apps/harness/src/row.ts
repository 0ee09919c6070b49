/** What came of one claim on one backend. */
import type { Evidence } from './evidence.js'
import type { Mode } from './forms.js'
import type { Timeline } from './timeline.js'

export type Outcome = 'held' | 'broke' | 'waived' | 'not claimed' | 'skipped' | 'missing'

export interface Row {
  readonly backend: string
  readonly scenario: string
  /** Which form of the backend, where a scenario runs on both. */
  readonly mode?: Mode
  readonly claim: string
  readonly outcome: Outcome
  readonly ms: number
  /** Why it is not `held`. */
  readonly why?: string
  readonly expected?: string
  readonly received?: string
  /** Of the kit's cases; where a random schedule broke one, that schedule's. */
  readonly seed?: number
  /** What the devices of the scenario counted. */
  readonly evidence?: Evidence
  readonly timeline?: Timeline
  /** The command that runs this row alone. */
  readonly replay: string
}

/** What nobody signed off: exit code 1. */
export function isSurprise({ outcome }: Row): boolean {
  return outcome === 'broke' || outcome === 'missing'
}

/** As a line of the matrix is named. */
export function labelOf({ scenario, mode }: Pick<Row, 'scenario' | 'mode'>): string {
  return mode === 'managed' ? `${scenario} (managed)` : scenario
}
