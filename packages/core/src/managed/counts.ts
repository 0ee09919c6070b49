/** What happened to pages that could have gone to a device, and why the others did not. */
import type { Unavailable } from '../ops.js'

/**
 * Why a page that might have gone to a device was not sent there. The first four are the device's own words; `unsupported`: the backend
 * has no device; `policy`: core's policy preferred software; `assist`: the main thread works along while engines are busy; `open`: the
 * breaker keeps a failing device out; `sync`: a synchronous call never waits for a device; `quota`: this device's share is used up.
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
 * How a request on a device ended, for core. `fault`: the device said so, threw or rejected; `status`: a code that nobody knows;
 * `length`: one that cannot be; `verify`: what it wrote does not give the page back; `deadline`: no answer in time; `forced`: no answer
 * when the desk was drained; `abandoned`: released before its answer, nobody wants the result.
 */
export type ManagedOutcome =
  | 'compressed'
  | 'declined'
  | 'fault'
  | 'status'
  | 'length'
  | 'verify'
  | 'deadline'
  | 'forced'
  | 'abandoned'

/** What the breaker did. Each of the first four counts entries into that state of health. */
export interface BreakerCounts {
  opened: number
  halfOpened: number
  closed: number
  removed: number
  /** Requests that were sent to find out whether the device works again; each one ends as one of the next three. */
  probes: number
  probesGood: number
  probesBad: number
  /** Probes that told nothing: the stream was given back unused, or nobody waited for the answer. */
  probesVoid: number
}

/** Numbers that only grow. Which sums they obey at every moment is in `checkManagedLaws`. */
export interface ManagedCounts {
  /** Pages for which a stream was asked, once for each time of asking. */
  asked: number
  /** Streams that the device lent. */
  got: number
  /** Times that no stream was to be had, by reason. */
  readonly refused: Record<FallbackReason, number>
  /** Times that the answer was to wait. */
  waits: number
  /** Streams given back. */
  put: number
  /** Streams that came back after the setup had ended, and were let lie. */
  stranded: number
  submitted: number
  compressed: number
  /** Not worth storing compressed: an answer, not an error. */
  declined: number
  /** The device said that it failed, threw or rejected. */
  fault: number
  /** Answers that cannot be true. */
  readonly invalid: { status: number; length: number; verify: number }
  /** No answer in time; the stream is in quarantine until there is one. */
  deadline: number
  /** No answer by the end of a drain. */
  forced: number
  /** Released in flight: nobody wants the result. */
  abandoned: number
  /** Answers that came after the deadline, the drain or the release, and were dropped. */
  late: number
  /** Pages whose device result was decompressed and compared, and was right. */
  verified: number
  /** Pages that the device failed, and software compressed or declined. */
  redone: number
  /** Pages that the device failed and software too, or was not allowed to try. */
  failed: number
  /** Calls of `getStream`, `putStream` or `commit` that broke the contract, and answers to no request that is out. */
  broken: number
  readonly breaker: BreakerCounts
}

export function noManagedCounts(): ManagedCounts {
  return {
    asked: 0,
    got: 0,
    refused: Object.fromEntries(fallbackReasons.map((reason) => [reason, 0])) as Record<FallbackReason, number>,
    waits: 0,
    put: 0,
    stranded: 0,
    submitted: 0,
    compressed: 0,
    declined: 0,
    fault: 0,
    invalid: { status: 0, length: 0, verify: 0 },
    deadline: 0,
    forced: 0,
    abandoned: 0,
    late: 0,
    verified: 0,
    redone: 0,
    failed: 0,
    broken: 0,
    breaker: {
      opened: 0,
      halfOpened: 0,
      closed: 0,
      removed: 0,
      probes: 0,
      probesGood: 0,
      probesBad: 0,
      probesVoid: 0,
    },
  }
}

/** A copy that stands still. */
export function copyCounts(counts: ManagedCounts): ManagedCounts {
  const { refused, invalid, breaker } = counts
  return { ...counts, refused: { ...refused }, invalid: { ...invalid }, breaker: { ...breaker } }
}
