/** What scenarios are made of again and again. */
import { neverWait } from '@zcomp/core'
import type { Chaos } from '../schedule.js'

/** Few streams, so that they are scarce; a short deadline; each page asks the device. */
export const scarce: Pick<Chaos, 'managed' | 'device'> = {
  managed: { policy: neverWait(), deadlineMs: 20, breaker: 'none' },
  device: { streams: 3 },
}

/** A breaker that opens and probes soon, with nothing left to chance. */
export const quickBreaker = {
  errors: 4,
  among: 16,
  goodProbes: 3,
  backoffMs: 100,
  mostBackoffMs: 800,
  jitter: 0,
} as const
