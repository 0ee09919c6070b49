/** What a policy is: it says, page by page, whether a device should be asked. Everything else is the desk's. */
import { ZcompError } from '../../errors.js'
import type { FallbackReason } from '../counts.js'

/** What a policy may look at. */
export interface DeskView {
  /** Bytes in a page. */
  readonly pageSize: number
  /** Streams that the pool has when all are free. */
  readonly streams: number
  /** Pages that the device holds for this desk. */
  readonly inFlight: number
  /** How long the device takes over one page when it works without pause, in milliseconds; 0 until it is known. */
  readonly managedMs: number
  /** How long software takes over one page here, in milliseconds; 0 until it is known. */
  readonly softwareMs: number
  /** Milliseconds, from any start. */
  now(): number
}

/** `'go'`: ask the device. A reason: software takes the page. `'wait'`: nobody does yet. */
export type Verdict = 'go' | 'wait' | 'policy' | 'assist' | 'quota'

/** A policy at work for one desk, with whatever it remembers. Called for each page: no allocation, no throw. */
export interface PolicyRun {
  /** A page is to be written, and `backlog` pages wait behind it. */
  admit(backlog: number): Verdict
  /**
   * There is no stream, for this reason. A page may be kept waiting by `'wait'`, `waitedMs` milliseconds so far; the desk ends each wait
   * at its own deadline. Any other answer is the reason that is counted.
   */
  refused(reason: FallbackReason, waitedMs: number): FallbackReason | 'wait'
  /** A request has ended, well or badly. */
  answered(): void
  /** Nothing waits any more. The last page need not have come here: same-filled ones never do. */
  rest(): void
}

/** A policy is a plain object, which may serve any number of desks. */
export interface ManagedPolicy {
  /** As `stats` shows it. */
  readonly name: string
  /** `'none'`: a page that the device does not compress is failed, not compressed in software. For measuring a device. */
  readonly fallback: 'software' | 'none'
  start(view: DeskView): PolicyRun
}

/** Makes a policy. What `start` leaves out of its run does the plain thing: go, take the reason as it is, forget. */
export function policy(name: string, start: (view: DeskView) => Partial<PolicyRun>): ManagedPolicy {
  return { name, fallback: 'software', start: (view) => ({ ...plainRun, ...start(view) }) }
}

const plainRun: PolicyRun = {
  admit: () => 'go',
  refused: (reason) => reason,
  answered() {},
  rest() {},
}

/** Throws EINVAL unless `value` is a number from `min` up. */
export function atLeast(min: number, what: string, value: number): number {
  if (typeof value === 'number' && value >= min) return value
  throw new ZcompError('EINVAL', `${what}: expected a number from ${min} up, not ${String(value)}`)
}
