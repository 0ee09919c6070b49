/** Level 2: managed streams under faults. */
import type { Case } from '../types.js'
import { acquireScenarios } from './cases/acquire.js'
import { breakerScenarios } from './cases/breaker.js'
import { contentScenarios } from './cases/content.js'
import { drainScenarios } from './cases/drain.js'
import { executionScenarios } from './cases/execution.js'
import { lateScenarios } from './cases/late.js'
import { memoryScenarios } from './cases/memory.js'
import { orderingScenarios } from './cases/ordering.js'
import { removalScenarios } from './cases/removal.js'
import { sharingScenarios } from './cases/sharing.js'
import { caseOf, type Scenario } from './scenario.js'

/** F01 to F45. */
export const scenarios: readonly Scenario[] = [
  ...acquireScenarios,
  ...executionScenarios,
  ...lateScenarios,
  ...removalScenarios,
  ...breakerScenarios,
  ...sharingScenarios,
  ...drainScenarios,
  ...orderingScenarios,
  ...contentScenarios,
  ...memoryScenarios,
].sort((a, b) => (a.id < b.id ? -1 : 1))

/** The same as cases. */
export const faultCases: readonly Case[] = scenarios.map(caseOf)
