/** Which pool is explored, and what is known of a state of it. */
import type { Mutation } from './open-code.js'

/** `late`: a writer gives its request up. `hang`: so much time passes that whoever stands still is taken for hung. */
export type FaultKind = 'fault' | 'twice' | 'die' | 'late' | 'hang'

export interface WorldOptions {
  /** Each with so many pages to write, the n-th through setup n modulo `setups`. */
  readonly writers: number
  readonly rounds: number
  readonly setups: number
  readonly engines: number
  readonly slots: number
  /** Requests that an engine holds at a time. Others wait in line. */
  readonly depth: number
  /** Faults that may strike, in all. */
  readonly faults: number
  /** Which ones. */
  readonly kinds: readonly FaultKind[]
  /** Whether the first setup ends, at any moment. */
  readonly leaves: boolean
  /** Whether the last setup comes later, at any moment, to a pool that is there. */
  readonly comes: boolean
  /** Engines are asleep at the start, instead of just beginning: leaves out what comes again after each request anyway. */
  readonly asleep: boolean
  /** How requests are answered: what `compress` promises, or the call that `submit` was given. */
  readonly answers: 'promise' | 'call'
  readonly mutation?: Mutation
}

export interface Outcome {
  readonly key: string
  readonly actions: readonly string[]
  readonly kinds: readonly string[]
  readonly final: boolean
  readonly wakes: number
}
