/** Runs the measures in rounds: each once a round, each round in another order, so that what the machine does meanwhile hits all alike. */
import { seededRandom } from '@zcomp/core'
import type { Measure, Sample } from './row.js'

/** Samples by measure, one a round. */
export type Samples = ReadonlyMap<string, readonly Sample[]>

/** Rounds before those that count: JavaScript and WebAssembly have compilers of several stages, which take their time on a busy machine. */
export const warmUps = 3

/** Rounds are numbered from 0, the warm-ups included. */
export async function runRounds(
  measures: readonly Measure[],
  rounds: number,
  said: (text: string) => void,
): Promise<Samples> {
  const samples = new Map<string, Sample[]>(measures.map(({ id }) => [id, []]))
  const random = seededRandom(1)
  for (let round = 0; round < warmUps + rounds; round++) {
    for (const { id, run } of shuffled(measures, random)) {
      said(`round ${round + 1} of ${warmUps + rounds}: ${id}`)
      const sample = await run(round)
      if (round >= warmUps) samples.get(id)?.push(sample)
      // Collections and finalizers of one measure should not fall into the next.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return samples
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
  return { median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN }
}
