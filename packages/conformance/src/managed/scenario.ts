/** A scenario and the case that it makes: directed first, then at random. */
import { randomFrom } from '../random.js'
import type { Case } from '../types.js'
import { playSeeds } from './random-run.js'
import type { Chaos } from './schedule.js'
import { type Stage, stageOf } from './stage.js'

export interface Scenario {
  /** `F01` to `F45`. */
  readonly id: string
  readonly claim: string
  /** Rigs of this package that the scenario catches. */
  readonly mutants: readonly string[]
  /** Asserts what happens, step by step. */
  directed(stage: Stage): Promise<void>
  /** What schedules around it are made of. */
  readonly chaos: Chaos
}

export function caseOf(scenario: Scenario): Case {
  const { id, claim, mutants, directed, chaos } = scenario
  return {
    id,
    claim,
    level: 2,
    mutants,
    async run(trial) {
      const stage = await stageOf(trial)
      await directed(stage)
      await playSeeds(stage, id, chaos)
    },
  }
}

/** A chance of its own for a directed scenario. */
export function chanceOf({ trial }: Stage): () => number {
  return randomFrom(trial.seed)
}
