/** Random schedules from seeds: whatever device, policy and order, every page is done once, in bounded time, and the laws hold. */
import { expect, it } from 'vitest'
import {
  assist,
  busyHysteresis,
  governed,
  leastExpectedDelay,
  type ManagedPolicy,
  minimumBatch,
  neverWait,
  queueThreshold,
  quota,
  Status,
  seededRandom,
  waitUpTo,
} from '../../src/index.js'
import { fakeAnswers, type Plan } from './fake-device.js'
import { randomPage, World, type Written } from './world.js'

const policies: (() => ManagedPolicy)[] = [
  neverWait,
  () => waitUpTo(15),
  () => waitUpTo(3, quota(2)),
  () => queueThreshold(2),
  leastExpectedDelay,
  busyHysteresis,
  () => minimumBatch(4),
  () => assist({ inFlight: 3, wakeBacklog: 2 }),
  () => governed(neverWait(), { windowMs: 20, sampleMs: 10, everyMs: 40, restMs: 30 }),
]

const deadlineMs = 25
const waitMs = 25

function plan(random: () => number, badness: number): Plan {
  const after = Math.floor(random() * 20)
  if (random() >= badness) return { after }
  const pick = Math.floor(random() * 9)
  const flip = (buffer: Uint8Array, length: number): void => {
    const at = 1 + Math.floor(random() * (length - 1))
    buffer[at] = (buffer[at] as number) ^ 4
  }
  const bad: Plan[] = [
    { how: 'never' },
    { how: 'throw' },
    { how: 'reject' },
    { answer: Status.fault },
    { answer: [-1, 0, 9999, Number.NaN, 0.5][Math.floor(random() * 5)] },
    { answer: Status.declined },
    { after: deadlineMs + 10 },
    { spoil: flip },
    { how: 'thenable twice' },
  ]
  return { after, ...(bad[pick] as Plan) }
}

async function run(seed: number): Promise<{ world: World; hanging: number }> {
  const random = seededRandom(seed)
  const badness = [0, 0.05, 0.3, 0.9][seed % 4] as number
  const policy = (policies[seed % policies.length] as () => ManagedPolicy)()
  const breaker = random() < 0.3 ? 'none' : { errors: 3, among: 8, goodProbes: 2, backoffMs: 10, mostBackoffMs: 60 }
  fakeAnswers.by = random() < 0.5 ? 'call' : 'promise'
  const managed = { policy, deadlineMs, verify: 1, breaker, trace: random() < 0.5 ? 16 : 0 } as const
  const world = new World({ seed, streams: 1 + Math.floor(random() * 6), managed, script: () => plan(random, badness) })
  const writes: Promise<Written>[] = []
  const steps = 30 + Math.floor(random() * 60)
  for (let i = 0; i < steps; i++) await step(world, random, writes)
  const drained = world.desk.drain()
  const written = await world.settle(Promise.all(writes))
  for (const { wrote, ms } of written) {
    expect(wrote === Status.declined || wrote > 0, `seed ${seed}: no page fails`).toBe(true)
    expect(ms, `seed ${seed}: no page waits too long`).toBeLessThanOrEqual(waitMs + deadlineMs + passedAtMost + 4)
  }
  await world.settle(drained)
  expect(world.laws(), `seed ${seed}`).toEqual([])
  const { got, refused } = world.desk.counts
  const reasons = Object.values(refused).reduce((sum, n) => sum + n, 0)
  expect(got + reasons - world.desk.counts.abandoned, `seed ${seed}: each page once`).toBeGreaterThanOrEqual(
    writes.length,
  )
  world.device.unstick(Status.fault)
  await world.runtime.advance(100)
  return { world, hanging: 0 }
}

const passedAtMost = 8

async function step(world: World, random: () => number, writes: Promise<Written>[]): Promise<void> {
  const kind = random()
  if (kind < 0.5) writes.push(world.write(randomPage(writes.length), Math.floor(random() * 6)))
  else if (kind < 0.6) world.desk.commit()
  else if (kind < 0.66) abandon(world, random)
  else if (kind < 0.72) world.device.refuse = random() < 0.3 ? 'removed' : random() < 0.5 ? 'starting' : undefined
  else if (kind < 0.76) world.device.unstick(random() < 0.5 ? 5 : Status.fault)
  else if (kind < 0.8) world.runtime.pass(random() * passedAtMost)
  else await world.runtime.advance(Math.floor(random() * 12))
  expect(world.laws()).toEqual([])
}

/** Somebody takes a stream and thinks better of it, before or after he has sent his page. */
function abandon(world: World, random: () => number): void {
  const lease = world.desk.getStream()
  if (typeof lease === 'string') return
  if (random() < 0.5) void lease.compress(4096)
  lease.release()
}

it.each([0, 1, 2, 3])(
  '240 seeds, part %d of 4',
  async (part) => {
    let submitted = 0
    let redone = 0
    for (let i = 0; i < 60; i++) {
      const { world, hanging } = await run(1 + part * 60 + i)
      world.expectLawful(hanging)
      submitted += world.desk.counts.submitted
      redone += world.desk.counts.redone
    }
    expect(submitted).toBeGreaterThan(300)
    expect(redone).toBeGreaterThan(50)
  },
  60_000,
)

it('one seed always gives one history', async () => {
  const history = async (): Promise<unknown> => {
    const { world } = await run(4242)
    return { ...world.desk.stats(), now: world.runtime.now(), calls: world.device.calls }
  }
  expect(await history()).toEqual(await history())
})
