/** Managed streams: the policy that holds for every backend. */
export { type BreakerOptions, breakerDefaults, type Health } from './breaker.js'
export {
  type BreakerCounts,
  type FallbackReason,
  fallbackReasons,
  type ManagedCounts,
  type ManagedOutcome,
} from './counts.js'
export { ManagedDesk } from './desk.js'
export { type CompressionNumbers, checkLaws, checkManagedLaws, type PageNumbers } from './laws.js'
export { ManagedLease } from './lease.js'
export { type ManagedOptions, type ManagedSettings, readManaged } from './options.js'
export * from './policy/index.js'
export type { DeskSite, Redo } from './requests.js'
export { type DeskStats, hwStatFields } from './stat.js'
export type { TraceEntry } from './trace.js'
export { type Decompress, type Verify, verifier } from './verify.js'
