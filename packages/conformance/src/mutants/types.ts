import type { ZcompOps } from '@zcomp/core'
import type { JudgeOptions } from '../types.js'

/** A backend that is wrong in one way. */
export interface Mutant {
  readonly name: string
  /** What an author might have done to get there. */
  readonly mistake: string
  /** The case that must catch it; others may as well. */
  readonly caughtBy: string
  /** A new one, which has seen nothing yet. */
  make(): ZcompOps
  /** What the case needs besides the backend. */
  readonly options?: () => JudgeOptions | Promise<JudgeOptions>
}
