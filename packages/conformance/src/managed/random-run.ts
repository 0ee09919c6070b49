/** Seeds in a row, each played three ways that must agree; a seed that fails is made as short as it can be while it still fails. */
import { Broken, check, show } from '../check.js'
import { hash } from '../random.js'
import { play, type Totals, type Way } from './play.js'
import { type Chaos, describeOps, makeOps, type Op } from './schedule.js'
import type { Stage } from './stage.js'

/** Tries at making a schedule shorter. */
const mostTries = 400
/** Seeds after which others get the thread. */
const seedsPerTurn = 25

export async function playSeeds(stage: Stage, id: string, chaos: Chaos): Promise<void> {
  const { seed: first, seeds } = stage.trial
  for (let n = 0; n < seeds; n++) {
    const seed = first + n
    // Each scenario has its own schedules.
    const own = (hash(id) ^ Math.imul(seed, 0x9e3779b1)) | 0
    const ops = makeOps(chaos, own, stage.pageSize)
    const broken = await failure(stage, chaos, ops, own)
    if (broken) throw await shortest(stage, chaos, ops, own, seed, broken)
    if (n % seedsPerTurn === seedsPerTurn - 1) await stage.trial.pause()
  }
}

/** The differential run: the contents agree with the model each way, and the totals with each other. */
async function playAll(stage: Stage, chaos: Chaos, ops: readonly Op[], seed: number): Promise<void> {
  const totals: [Way, Totals][] = []
  for (const way of ['software', 'device', 'faults'] as const) {
    totals.push([way, await named(way, play(stage, chaos, ops, seed, way))])
  }
  // Which writes find memory depends on which end first.
  if (chaos.memLimitPages !== undefined) return
  const [, software] = totals[0]!
  for (const [way, seen] of totals) {
    const exact = way === 'device' || (chaos.sameTotals ?? true)
    const names = exact ? (Object.keys(software) as (keyof Totals)[]) : (['origDataSize', 'samePages'] as const)
    for (const name of names) {
      check(seen[name] === software[name], `${name} as in software alone (${software[name]})`, `${way}: ${seen[name]}`)
    }
  }
}

async function named<T>(way: Way, played: Promise<T>): Promise<T> {
  try {
    return await played
  } catch (error) {
    if (error instanceof Broken) throw new Broken(error.expected, `${error.received} [${ways[way]}]`)
    throw error
  }
}

const ways: Record<Way, string> = {
  software: 'in software alone',
  device: 'on a device without faults',
  faults: 'on a device with faults',
}

async function failure(stage: Stage, chaos: Chaos, ops: readonly Op[], seed: number): Promise<Broken | undefined> {
  try {
    await playAll(stage, chaos, ops, seed)
    return undefined
  } catch (error) {
    if (error instanceof Broken) return error
    const stack = error instanceof Error && error.stack ? `\n${error.stack}` : ''
    return new Broken('no throw', `${show(error)}${stack}`)
  }
}

/** Drops halves, quarters and single operations while it still fails. */
async function shortest(
  stage: Stage,
  chaos: Chaos,
  ops: readonly Op[],
  own: number,
  seed: number,
  first: Broken,
): Promise<Broken> {
  let left = ops
  let broken = first
  let tries = 0
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length && tries < mostTries; ) {
      const fewer = left.filter((_, i) => i < at || i >= at + size)
      tries++
      const still = await failure(stage, chaos, fewer, own)
      if (still) {
        left = fewer
        broken = still
      } else at += size
    }
  }
  const trace = `${left.length} of ${ops.length} operations are enough:\n${describeOps(left)}`
  return new Broken(broken.expected, `${broken.received}\n  with seed ${seed}, ${trace}`, seed)
}
