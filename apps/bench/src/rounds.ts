/** Runs the measures in rounds, what is compared as close together as can be, so that what the machine does meanwhile hits all alike. */
import { seededRandom } from '@zcomp/core'
import { familiesOf } from './families.js'
import type { Measure, Pass, Sample, SlicedMeasure, StretchedMeasure, Took, WholeMeasure } from './row.js'
import { type Slice, slicesOf, sum } from './slices.js'
import type { Target } from './targets.js'

/** Samples by measure, one a round. */
export type Samples = ReadonlyMap<string, readonly Sample[]>

/** Rounds before those that count: JavaScript and WebAssembly have compilers of several stages, which take their time on a busy machine. */
export const warmUps = 3

export interface Rounds {
  /** How many count. */
  readonly count: number
  /** Pages that are cut into slices. */
  readonly pages: number
  /** What they relate runs next to each other. */
  readonly targets: readonly Target[]
  said(text: string): void
}

/** Rounds are numbered from 0, the warm-ups included. Each runs slice by slice, then group after group in stretches, then what runs whole. */
export async function runRounds(measures: readonly Measure[], rounds: Rounds): Promise<Samples> {
  const samples = new Map<string, Sample[]>(measures.map(({ id }) => [id, []]))
  const families = familiesOf(
    measures.filter((each) => each.runs === 'by the slice'),
    rounds.targets,
  )
  const groups = groupsOf(measures.filter((each) => each.runs === 'in stretches'))
  const whole = measures.filter((each) => each.runs === 'whole')
  const random = seededRandom(1)
  const all = warmUps + rounds.count
  for (let round = 0; round < all; round++) {
    const said = (text: string): void => rounds.said(`round ${round + 1} of ${all}: ${text}`)
    const turn: Turn = { round, random, said }
    for (const [id, sample] of [
      ...(await runSlices(families, slicesOf(rounds.pages), turn)),
      ...(await runStretches(groups, turn)),
      ...(await runWhole(whole, turn)),
    ])
      if (round >= warmUps) samples.get(id)?.push(sample)
  }
  return samples
}

interface Turn {
  readonly round: number
  readonly random: () => number
  said(text: string): void
}

/** Families in another order each slice, and so their members. */
async function runSlices(
  families: readonly (readonly SlicedMeasure[])[],
  slices: readonly Slice[],
  { round, random, said }: Turn,
): Promise<Map<string, Sample>> {
  const parts = new Map<string, Took[]>(families.flat().map(({ id }) => [id, []]))
  for (const [nth, slice] of slices.entries()) {
    for (const measure of shuffled(families, random).flatMap((family) => shuffled(family, random))) {
      said(`slice ${nth + 1} of ${slices.length}: ${measure.id}`)
      parts.get(measure.id)?.push(await measure.run(round, slice))
      await settled()
    }
  }
  return new Map([...parts].map(([id, list]) => [id, sum(list)]))
}

function groupsOf(measures: readonly StretchedMeasure[]): StretchedMeasure[][] {
  const groups = new Map<string, StretchedMeasure[]>()
  for (const measure of measures) groups.set(measure.group, [...(groups.get(measure.group) ?? []), measure])
  return [...groups.values()]
}

/** Milliseconds before each stretch, longer than engines of the one before look out for work: a core is not free before they sleep. */
const restMs = 3

/** Groups in another order each round, and in each stretch the measures of a group. */
async function runStretches(
  groups: readonly (readonly StretchedMeasure[])[],
  { round, random, said }: Turn,
): Promise<Map<string, Sample>> {
  const samples = new Map<string, Sample>()
  for (const group of shuffled(groups, random)) {
    const passes = new Map<string, Pass>()
    for (const measure of group) {
      said(`${measure.id} begins`)
      passes.set(measure.id, await measure.begin(round))
    }
    const stretches = Math.max(...group.map(({ stretches }) => stretches))
    for (let nth = 0; nth < stretches; nth++) {
      for (const { id } of shuffled(group, random)) {
        said(`stretch ${nth + 1} of ${stretches}: ${id}`)
        await new Promise((resolve) => setTimeout(resolve, restMs))
        await passes.get(id)?.run(nth)
      }
    }
    for (const [id, pass] of passes) samples.set(id, pass.end())
  }
  return samples
}

async function runWhole(
  measures: readonly WholeMeasure[],
  { round, random, said }: Turn,
): Promise<Map<string, Sample>> {
  const samples = new Map<string, Sample>()
  for (const measure of shuffled(measures, random)) {
    said(measure.id)
    samples.set(measure.id, await measure.run(round))
    await settled()
  }
  return samples
}

/** Collections and finalizers of one measure should not fall into the next. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
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
