/** `@zcomp/accelerator/conformance`: engines in virtual time, and scenarios of real workers. */
export type { SimulatedFault, SimulatedOptions, SimulatedRequest } from './script.js'
export { type SimulatedRuntime, simulatedRuntime } from './simulate.js'
export { SimulatedEngine } from './simulated-engine.js'
