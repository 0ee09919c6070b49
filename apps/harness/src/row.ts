/** What came of one claim on one backend. */

export type Outcome = 'held' | 'broke' | 'waived' | 'not claimed' | 'skipped' | 'missing'

export interface Row {
  readonly backend: string
  readonly scenario: string
  readonly claim: string
  readonly outcome: Outcome
  readonly ms: number
  /** Why it is not `held`. */
  readonly why?: string
  readonly expected?: string
  readonly received?: string
  /** The command that runs this row alone. */
  readonly replay: string
}

/** What nobody signed off: exit code 1. */
export function isSurprise({ outcome }: Row): boolean {
  return outcome === 'broke' || outcome === 'missing'
}
