/** Visits every state that a model can reach, breadth first, so that the first way found to a wrong one is a shortest. */
import { Numbers } from './grow.js'
import type { Exploration, ExploreOptions, Finding, Model } from './model.js'

const manyStates = 5_000_000

/** Explores a model to the end, or to a bound. Never throws for what it finds. */
export function explore<S, A>(model: Model<S, A>, options: ExploreOptions = {}): Exploration {
  return new Search(model, options).run()
}

class Search<S, A> {
  readonly #model: Model<S, A>
  readonly #options: ExploreOptions
  /** Number of each state that was seen. */
  readonly #known = new Map<string, number>()
  /** From which state, by which of its steps, a state was reached first. */
  readonly #parents = new Numbers()
  readonly #choices = new Numbers()
  readonly #depths = new Numbers()
  /** States that wait for their turn, in order; those that had it are dropped. */
  #waiting: (S | undefined)[] = []
  #first = 0
  readonly #edges = { from: new Numbers(), to: new Numbers() }
  readonly #finals: number[] = []
  readonly #findings = new Map<string, Finding>()
  readonly #greatest: Record<string, number> = {}
  #transitions = 0

  constructor(model: Model<S, A>, options: ExploreOptions) {
    this.#model = model
    this.#options = options
  }

  run(): Exploration {
    const { maxStates = manyStates, ends = false } = this.#options
    this.#see(this.#model.initial(), -1, 0)
    let at = 0
    while (at < this.#known.size && this.#known.size <= maxStates && !this.#enough()) this.#expand(at++)
    const complete = at === this.#known.size
    if (ends && complete) this.#findEndless()
    return {
      model: this.#model.name,
      states: this.#known.size,
      transitions: this.#transitions,
      depth: this.#depths.at(this.#depths.length - 1),
      complete,
      findings: [...this.#findings.values()],
      greatest: this.#greatest,
    }
  }

  #enough(): boolean {
    return this.#options.until?.every((kind) => this.#findings.has(kind)) ?? false
  }

  #expand(at: number): void {
    const state = this.#take(at)
    const kinds = this.#model.check(state)
    for (const kind of kinds) this.#found(kind, at)
    if (kinds.length > 0 && this.#options.stopAtWrong) return
    const actions = this.#model.actions(state)
    if (this.#model.isFinal(state)) this.#finals.push(at)
    else if (actions.length === 0) this.#found(this.#model.stuck?.(state) ?? 'stuck', at)
    for (let i = 0; i < actions.length; i++) {
      this.#transitions++
      this.#see(this.#model.apply(state, actions[i]!), at, i)
    }
  }

  #take(at: number): S {
    const state = this.#waiting[at - this.#first]!
    this.#waiting[at - this.#first] = undefined
    // Not at each step: shortening an array moves all of it.
    if (at - this.#first === 65_535) {
      this.#waiting = this.#waiting.slice(65_536)
      this.#first += 65_536
    }
    return state
  }

  #see(state: S, parent: number, choice: number): void {
    const key = this.#model.key(state)
    let nth = this.#known.get(key)
    if (nth === undefined) {
      nth = this.#known.size
      this.#known.set(key, nth)
      this.#parents.push(parent)
      this.#choices.push(choice)
      this.#depths.push(parent < 0 ? 0 : this.#depths.at(parent) + 1)
      this.#waiting.push(state)
      this.#measure(state)
    }
    if (this.#options.ends && parent >= 0) {
      this.#edges.from.push(parent)
      this.#edges.to.push(nth)
    }
  }

  #measure(state: S): void {
    const numbers = this.#model.measure?.(state)
    if (!numbers) return
    for (const name in numbers) {
      const value = numbers[name]!
      const most = this.#greatest[name]
      if (most === undefined || value > most) this.#greatest[name] = value
    }
  }

  #found(kind: string, at: number): void {
    if (this.#findings.has(kind)) return
    this.#findings.set(kind, { kind, trace: this.#trace(at), states: this.#known.size })
  }

  /** Goes the way again, from the start. */
  #trace(at: number): string[] {
    const choices: number[] = []
    for (let i = at; this.#parents.at(i) >= 0; i = this.#parents.at(i)) choices.push(this.#choices.at(i))
    let state = this.#model.initial()
    return choices.reverse().map((choice) => {
      const action = this.#model.actions(state)[choice]!
      const text = this.#model.describe(state, action)
      state = this.#model.apply(state, action)
      return text
    })
  }

  /** Walks back from all ends: whatever is not met has no end before it. */
  #findEndless(): void {
    const { from, to } = this.#edges
    const count = this.#known.size
    // Edges into each state, one after the other: `starts` says where each one's begin.
    const starts = new Int32Array(count + 1)
    for (let i = 0; i < to.length; i++) starts[to.at(i) + 1]!++
    for (let i = 0; i < count; i++) starts[i + 1]! += starts[i]!
    const filled = starts.slice()
    const sources = new Int32Array(from.length)
    for (let i = 0; i < from.length; i++) sources[filled[to.at(i)]!++] = from.at(i)
    const ends = new Uint8Array(count)
    const walk = [...this.#finals]
    for (const final of walk) ends[final] = 1
    for (let at = walk.pop(); at !== undefined; at = walk.pop()) {
      for (let i = starts[at]!; i < starts[at + 1]!; i++) {
        const source = sources[i]!
        if (ends[source]) continue
        ends[source] = 1
        walk.push(source)
      }
    }
    const endless = ends.indexOf(0)
    if (endless >= 0) this.#found('never ends', endless)
  }
}
