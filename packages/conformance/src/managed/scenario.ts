/** A scenario and the case that it makes: directed first, on a device that answers by promise and on one that calls, then at random. */
import { Broken } from '../check.js'
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
      await byCall(directed(stageByCall(stage)))
      await playSeeds(stage, id, chaos)
    },
  }
}

const stageByCall = (stage: Stage): Stage => ({ ...stage, answers: 'call' })

async function byCall(played: Promise<void>): Promise<void> {
  try {
    await played
  } catch (error) {
    if (error instanceof Broken) throw new Broken(error.expected, `${error.received} [on a device that calls]`)
    throw error
  }
}

/** A chance of its own for a directed scenario. */
export function chanceOf({ trial }: Stage): () => number {
  return randomFrom(trial.seed)
}
