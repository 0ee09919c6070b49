/** How the pages of a pass went: by which way, and why not by the other. */
import type { Accelerator } from '@zcomp/accelerator'
import { fallbackReasons, type ZramDevice } from '@zcomp/core'
import type { Figures } from '../../row.js'

interface Seen {
  /** Sent to an engine. */
  readonly submitted: number
  /** Not sent, by reason. */
  readonly refused: Readonly<Record<string, number>>
  /** Sent, and compressed here after all. */
  readonly redone: number
  readonly bells: number
  readonly wakes: number
}

export function look(device: ZramDevice, pool: Accelerator | 'none'): Seen {
  const { managed } = device.stats()
  const { bells, wakes } = pool === 'none' ? { bells: 0, wakes: 0 } : pool.stats().counts
  if (managed === 'none') return { submitted: 0, refused: {}, redone: 0, bells, wakes }
  return { submitted: managed.submitted, refused: managed.refused, redone: managed.redone, bells, wakes }
}

/** Shares are of the pages that reach a codec, in percent. */
export function between(before: Seen, after: Seen): Figures {
  const refused = fallbackReasons
    .map((reason) => [reason, (after.refused[reason] ?? 0) - (before.refused[reason] ?? 0)] as const)
    .filter(([, count]) => count > 0)
  const submitted = after.submitted - before.submitted
  const all = refused.reduce((sum, [, count]) => sum + count, submitted)
  if (all === 0) return {}
  const percent = (count: number): number => (100 * count) / all
  return {
    'managed %': percent(submitted),
    ...Object.fromEntries(refused.map(([reason, count]) => [`${reason} %`, percent(count)])),
    redone: after.redone - before.redone,
    bells: after.bells - before.bells,
    wakes: after.wakes - before.wakes,
  }
}
