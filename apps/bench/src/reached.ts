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

type Cost = (sample: Sample) => number

export type Facts = Readonly<Record<string, number>>

/** Each round gives a ratio of its own; the median of those is what was reached. */
export function reach(targets: readonly Target[], samples: Samples, facts: Facts): Reached[] {
  return targets.map((target) => {
    if (target.clock === 'fact') return { ...target, ...ofFacts(target, facts) }
    const over = samples.get(target.over) ?? []
    const under = target.under === 'none' ? 'none' : (samples.get(target.under) ?? [])
    if (over.length === 0 || under.length === 0) return target
    const by = (cost: Cost): Spread => ratios(over, under, cost)
    const per = (cost: Cost): Cost => (target.per === 'page' ? (sample) => cost(sample) / sample.pages : cost)
    if (target.clock === 'figure')
      return { ...target, ratio: by(({ figures }) => figures?.[target.figure ?? ''] ?? Number.NaN) }
    const [cpu, wall] = [by(per(({ cpuNs }) => cpuNs)), by(per(({ wallNs }) => wallNs))]
    return target.clock === 'cpu' ? { ...target, ratio: cpu, other: wall } : { ...target, ratio: wall, other: cpu }
  })
}

/** Round by round. */
export function ratios(over: readonly Sample[], under: readonly Sample[] | 'none', cost: Cost): Spread {
  return spread(over.map((sample, i) => cost(sample) / (under === 'none' ? 1 : cost(under[i] as Sample))))
}

function ofFacts({ over, under }: Target, facts: Facts): Pick<Reached, 'ratio'> {
  const [a, b] = [facts[over], facts[under]]
  return a === undefined || b === undefined ? {} : { ratio: spread([a / b]) }
}
