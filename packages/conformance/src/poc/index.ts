/** The kernel patches' accelerator, for the explorer to find its known defects in: the proof that it can see. */
export { exploreDefect, type KnownDefect, knownDefects } from './known.js'
export { pocModel } from './model.js'
export type { PocOptions } from './parts.js'
