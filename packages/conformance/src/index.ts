/** `@zcomp/conformance`: proves that a backend keeps the contract. */
export { allCases } from './cases/index.js'
export { Broken, NotClaimed } from './check.js'
export { expectCorrupt, expectPage, press } from './codec.js'
export { describeBackend, type Runner } from './describe.js'
export {
  type Golden,
  type GoldenPage,
  goldenParamSets,
  makeGolden,
  type PageName,
  readGolden,
} from './golden.js'
export { judge, selectCases } from './judge.js'
export { faultCases } from './managed/index.js'
export { pocCases } from './managed/poc.js'
export type { Rig } from './managed/rig.js'
export { makePage, type PageKind, pageKinds } from './pages.js'
export { explain, formatReport, isFailure } from './report.js'
export type {
  Case,
  CaseReport,
  Given,
  JudgeOptions,
  Report,
  Subject,
  Trial,
  Verdict,
  Waiver,
} from './types.js'
