/** What a desk shows of itself: plain data, and one line as sysfs would have it. */
import type { Health } from './breaker.js'
import { copyCounts, type ManagedCounts } from './counts.js'
import type { ManagedDesk } from './desk.js'

export interface DeskStats {
  readonly policy: string
  readonly compat: 'none' | 'poc'
  readonly health: Health
  /** Streams that the pool has when all are free. */
  readonly streams: number
  readonly inFlight: number
  /** Streams lent, with no request in flight. */
  readonly held: number
  /** Streams whose answer nobody waits for any more, and which the device has not let go of. */
  readonly quarantined: number
  /** Microseconds a page while the device works without pause; 0 where it is not known yet. */
  readonly managedUs: number
  /** Microseconds a page in software; 0 where it is not known yet. */
  readonly softwareUs: number
  readonly counts: ManagedCounts
}

export function deskStats(desk: ManagedDesk): DeskStats {
  const { settings, health, streams, inFlight, held, quarantined, managedMs, softwareMs, counts } = desk
  return {
    policy: settings.policy.name,
    compat: settings.compat,
    health,
    streams,
    inFlight,
    held,
    quarantined,
    managedUs: managedMs * 1000,
    softwareUs: softwareMs * 1000,
    counts: copyCounts(counts),
  }
}

/**
 * The fields of `hw_stat`, in order; fields are only ever appended.
 * - `hw_health`: 0 closed, 1 half-open, 2 open, 3 removed
 * - `hw_streams`, `hw_inuse` (requests in flight), `hw_quarantined`: streams
 * - `hw_submitted`, `hw_compressed`, `hw_huge` (not worth compressing): pages
 * - `hw_failed_writes`: pages that the device failed, timed out or answered wrongly, in time
 * - `hw_timeouts`, `hw_late`: requests past their deadline, answers after it
 * - `hw_sw_redone`, `hw_sw_failed`: failed pages that software compressed after all, or nobody did
 * - `hw_busy`: times that there was no stream; `hw_assist`: pages compressed here beside a busy device; `hw_sw`: all other pages that
 *   were refused a stream
 * - `hw_opened`: times that the breaker opened; `hw_removed`: times that the device went away
 */
export const hwStatFields: readonly string[] = [
  'hw_health',
  'hw_streams',
  'hw_inuse',
  'hw_quarantined',
  'hw_submitted',
  'hw_compressed',
  'hw_huge',
  'hw_failed_writes',
  'hw_timeouts',
  'hw_late',
  'hw_sw_redone',
  'hw_sw_failed',
  'hw_busy',
  'hw_assist',
  'hw_sw',
  'hw_opened',
  'hw_removed',
]

const healthNumber: Record<Health, number> = { closed: 0, 'half-open': 1, open: 2, removed: 3 }

/** One line: the numbers of `hwStatFields`, right-aligned in eight columns with a space between, and a newline. */
export function hwStat(desk: ManagedDesk): string {
  const { counts: c, health, streams, inFlight, quarantined } = desk
  const failed = c.fault + c.invalid.status + c.invalid.length + c.invalid.verify
  const refused = Object.values(c.refused).reduce((sum, n) => sum + n, 0)
  const { exhausted, assist } = c.refused
  const rest = refused - exhausted - assist
  return `${[
    healthNumber[health],
    streams,
    inFlight,
    quarantined,
    c.submitted,
    c.compressed,
    c.declined,
    failed,
    c.deadline,
    c.late,
  ]
    .concat([c.redone, c.failed, exhausted, assist, rest, c.breaker.opened, c.breaker.removed])
    .map((n) => String(n).padStart(8))
    .join(' ')}\n`
}
