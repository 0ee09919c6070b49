/** The policies. */
import { assist } from './assist.js'
import { governed } from './governor.js'
import type { ManagedPolicy } from './policy.js'

export { type AssistOptions, assist } from './assist.js'
export { busyHysteresis } from './busy-hysteresis.js'
export { type GovernorOptions, governed } from './governor.js'
export { type LeastExpectedDelayOptions, leastExpectedDelay } from './least-expected-delay.js'
export { type DeskView, type ManagedPolicy, type PolicyRun, policy, type Verdict } from './policy.js'
export { asyncOnly, minimumBatch, neverWait, queueThreshold, quota, strict, waitUpTo } from './simple.js'

/** What a desk does unless it is told otherwise: `governed(assist())`. */
export const defaultPolicy: ManagedPolicy = governed(assist())
