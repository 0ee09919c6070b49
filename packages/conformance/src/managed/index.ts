/** Level 2: managed streams under faults. */
import type { Case } from '../types.js'
import { acquireScenarios } from './cases/acquire.js'
import { executionScenarios } from './cases/execution.js'
import { lateScenarios } from './cases/late.js'
import { caseOf } from './scenario.js'

/** F01 to F45. */
export const faultCases: readonly Case[] = [...acquireScenarios, ...executionScenarios, ...lateScenarios]
  .map(caseOf)
  .sort((a, b) => (a.id < b.id ? -1 : 1))
