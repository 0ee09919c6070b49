/** Ratios beside what has to be reached. */
import { type Samples, type Spread, spread } from './rounds.js'
import type { Sample } from './row.js'
import type { Target } from './targets.js'

export interface Reached extends Target {
  /** By the clock that counts. Absent: not measured here. */
  readonly ratio?: Spread
  /** By the other clock. */
  readonly other?: Spread
}

type Clock = (sample: Sample) => number

export type Facts = Readonly<Record<string, number>>

/** Each round gives a ratio of its own; the median of those is what was reached. */
export function reach(targets: readonly Target[], samples: Samples, facts: Facts): Reached[] {
  return targets.map((target) => {
    if (target.clock === 'fact') return { ...target, ...ofFacts(target, facts) }
    const over = samples.get(target.over) ?? []
    const under = samples.get(target.under) ?? []
    if (over.length === 0 || under.length === 0) return target
    const cost = (clock: Clock, sample: Sample): number => clock(sample) / (target.per === 'page' ? sample.pages : 1)
    const ratios = (clock: Clock): Spread =>
      spread(over.map((sample, i) => cost(clock, sample) / cost(clock, under[i] as Sample)))
    const [cpu, wall] = [ratios(({ cpuNs }) => cpuNs), ratios(({ wallNs }) => wallNs)]
    return target.clock === 'cpu' ? { ...target, ratio: cpu, other: wall } : { ...target, ratio: wall, other: cpu }
  })
}

function ofFacts({ over, under }: Target, facts: Facts): Pick<Reached, 'ratio'> {
  const [a, b] = [facts[over], facts[under]]
  return a === undefined || b === undefined ? {} : { ratio: spread([a / b]) }
}
