/**
 * An explorer of small systems: every interleaving of their steps, every fault at every moment, with a shortest trace for whatever goes
 * wrong. Independent of any test runner, and of what is explored.
 */
export { explore } from './explore.js'
export { type Layout, layout } from './layout.js'
export type { Exploration, ExploreOptions, Finding, Model } from './model.js'
export { summary, traceText } from './report.js'
export { type Choose, exploreRuns, type Runs, type RunsOptions } from './runs.js'
