/** What the explorer explores: anything with states, and steps from one to the next. */

/** `S` is a state, never changed once it is made. `A` names a step. */
export interface Model<S, A> {
  readonly name: string
  initial(): S
  /** Every step that could come next: each thread that is not blocked, each fault that could strike. */
  actions(state: S): readonly A[]
  /** The state after a step, made anew. */
  apply(state: S, action: A): S
  /** Equal for two states exactly when the same can happen from both. */
  key(state: S): string
  /** The kinds of wrong that this state shows; empty if none. */
  check(state: S): readonly string[]
  /** True where everything has come to its end, so that no step need follow. */
  isFinal(state: S): boolean
  /** What it is called when no step is left before the end. Default `'stuck'`. */
  stuck?(state: S): string
  /** A step in words, for traces. */
  describe(state: S, action: A): string
  /** Numbers whose greatest value over all states is of interest. */
  measure?(state: S): Readonly<Record<string, number>>
}

export interface ExploreOptions {
  /** Gives up after so many states. Default 5,000,000. */
  readonly maxStates?: number
  /** Leaves off at states where something is wrong, instead of looking what else follows. Default false. */
  readonly stopAtWrong?: boolean
  /** Also finds states from which no sequence of steps leads to an end: kind `'never ends'`. Default false; costs memory. */
  readonly ends?: boolean
  /** Leaves off as soon as all of these kinds were found. */
  readonly until?: readonly string[]
}

/** One kind of wrong, with a shortest way to it. */
export interface Finding {
  readonly kind: string
  /** Steps in words, in order. */
  readonly trace: readonly string[]
  /** States that had been visited when it was found. */
  readonly states: number
}

export interface Exploration {
  readonly model: string
  /** Different states, and steps between them. */
  readonly states: number
  readonly transitions: number
  /** Most steps from the start to any state. */
  readonly depth: number
  /** False where `maxStates` or `until` ended it. */
  readonly complete: boolean
  /** By kind, in order of finding. */
  readonly findings: readonly Finding[]
  readonly greatest: Readonly<Record<string, number>>
}
