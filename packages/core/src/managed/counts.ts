/** What happened to pages that could have gone to a device, and why the others did not. */
import type { Unavailable } from '../ops.js'

/**
 * Why a page that might have gone to a device was compressed in software. The first four are the device's own words; `unsupported`: the
 * backend has no device; `policy`: core's policy preferred software; `assist`: the main thread works along while engines are busy;
 * `open`: the breaker keeps a failing device out; `sync`: a synchronous call never waits for a device; `quota`: this device's share is used up.
 */
export type FallbackReason = Unavailable | 'unsupported' | 'policy' | 'assist' | 'open' | 'sync' | 'quota'

export const fallbackReasons: readonly FallbackReason[] = [
  'exhausted',
  'starting',
  'draining',
  'removed',
  'unsupported',
  'policy',
  'assist',
  'open',
  'sync',
  'quota',
]

/**
 * Laws, held at every moment (`checkManagedLaws`): `submitted` = `compressed` + `declined` + `fault` + `deadline` + `abandoned` + in flight;
 * `got` = `put` + held + in flight + in quarantine; in quarantine = `deadline` + `abandoned` - `late`.
 */
export interface ManagedCounts {
  /** Streams that the device lent. */
  got: number
  /** Streams given back. */
  put: number
  submitted: number
  compressed: number
  declined: number
  /** Redone at once: a throw, a rejection, a fault, an answer that cannot be true. */
  fault: number
  /** Redone at the deadline; the stream is in quarantine until it answers. */
  deadline: number
  /** Released in flight: nobody wants the result. */
  abandoned: number
  /** Answers that came after the deadline or the release, and were dropped. */
  late: number
  /** Requests that failed in software too. */
  failed: number
  /** Calls of `getStream`, `putStream` or `commit` that broke the contract. */
  broken: number
  /** Times that no stream was to be had, by reason. */
  readonly refused: Record<FallbackReason, number>
}

export function noManagedCounts(): ManagedCounts {
  return {
    got: 0,
    put: 0,
    submitted: 0,
    compressed: 0,
    declined: 0,
    fault: 0,
    deadline: 0,
    abandoned: 0,
    late: 0,
    failed: 0,
    broken: 0,
    refused: Object.fromEntries(fallbackReasons.map((reason) => [reason, 0])) as Record<FallbackReason, number>,
  }
}
