/** `@zcomp/accelerator/conformance`: engines in virtual time, and scenarios of real workers. */

export { describeWorkers, type Runner } from './describe.js'
export type { WorkerStage } from './scene.js'
export type { SimulatedFault, SimulatedOptions, SimulatedRequest } from './script.js'
export { type SimulatedRuntime, simulatedRuntime } from './simulate.js'
export { SimulatedEngine } from './simulated-engine.js'
export { type WorkerScenario, workerScenarios } from './worker-scenarios.js'
