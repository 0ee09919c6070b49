/** `@zcomp/accelerator`: managed streams for any zcomp backend. */
export { type AccelerateOptions, accelerate, withStreams } from './accelerate.js'
export {
  type Accelerator,
  type AcceleratorUser,
  accelerator,
  defaultAccelerator,
  type Membership,
} from './accelerator.js'
export type { InjectedCounts } from './faults/device.js'
export { FaultControl, type FaultOptions, faults } from './faults/faults.js'
export type { Fault, FaultKind, FaultPlan, FaultRates, FaultStep } from './faults/plan.js'
export type { AcceleratorOptions } from './options.js'
export { nodeRuntime } from './runtime/node.js'
export {
  type AcceleratorCounts,
  type AcceleratorStats,
  checkAcceleratorLaws,
  type EngineState,
  type EngineStats,
  type SetupState,
  type SetupStats,
} from './stats.js'
