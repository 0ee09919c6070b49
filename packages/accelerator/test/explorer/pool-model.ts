/** The real pool as a model: a state is the way that leads to it. */
import type { Model } from '@zcomp/conformance/explorer'
import { loadCode, World } from './world.js'
import type { Outcome, WorldOptions } from './world-options.js'

export interface PoolState {
  readonly path: readonly string[]
  readonly outcome: Outcome
}

const defaults: WorldOptions = {
  writers: 1,
  rounds: 1,
  setups: 1,
  engines: 1,
  slots: 1,
  depth: 2,
  faults: 0,
  kinds: [],
  leaves: false,
  comes: false,
  asleep: true,
  answers: 'promise',
}

export function poolModel(given: Partial<WorldOptions>): Model<PoolState, string> {
  const options = { ...defaults, ...given }
  const code = loadCode(options.mutation)
  const reach = (path: readonly string[]): PoolState => ({ path, outcome: new World(options, code, path).run() })
  return {
    name: nameOf(options),
    initial: () => reach([]),
    actions: ({ outcome }) => outcome.actions,
    apply: ({ path }, action) => reach([...path, action]),
    key: ({ outcome }) => outcome.key,
    check: ({ outcome }) => outcome.kinds,
    isFinal: ({ outcome }) => outcome.final,
    stuck: () => 'lost wake-up',
    describe({ path }, action) {
      const world = new World(options, code, path)
      world.run()
      return world.tell(action)
    },
    measure: ({ outcome }) => ({ 'wake-ups of main': outcome.wakes }),
  }
}

function nameOf(options: WorldOptions): string {
  const { writers, rounds, setups, engines, slots, depth, faults, kinds, leaves, comes, answers } = options
  const size = `${writers} writers x ${rounds} pages, ${setups} setups, ${engines} engines of ${depth}, ${slots} slots`
  const struck = faults > 0 ? `${faults} of ${kinds.join(' ')}` : 'no faults'
  return `pool: ${size}, ${struck}${leaves ? ', a setup ends' : ''}${comes ? ', one comes' : ''}, answers by ${answers}`
}
