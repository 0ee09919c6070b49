/**
 * `compat: 'poc'`: what the kernel patches' policy promises, and what it is known to lose. A loss is asserted as one, so that a comparison
 * with it compares with what it really does; a scenario that is not here makes no sense without a deadline, a breaker or a second path.
 */
import { type ManagedOptions, Status } from '@zcomp/core'
import { check, same } from '../check.js'
import type { Plan } from '../fakes/scripted-plan.js'
import type { Case } from '../types.js'
import { faulty, hanging } from './schedule.js'
import { type Stage, stageOf } from './stage.js'
import { openWorld, type World, type WorldOptions, type Written } from './world.js'

const poc: ManagedOptions = { compat: 'poc' }
const anHour = 3_600_000
/** Longer than any deadline of a kit's world: whoever redoes pages at a deadline is done by then. */
const drainMs = 1000

const open = (stage: Stage, device: WorldOptions['device'] = {}): Promise<World> =>
  openWorld(stage, { managed: poc, device })

/** How many of the writes failed with EIO; no other error will do. */
function lost(written: readonly Written[]): number {
  const failed = written.filter((one) => one.failed !== undefined)
  for (const one of failed) same(one.failed, 'EIO', 'error of a write')
  return failed.length
}

/** Whether a promise has settled after an hour, and until then. */
async function settles(world: World, done: Promise<unknown>): Promise<boolean> {
  let settled = false
  const mark = (): void => {
    settled = true
  }
  done.then(mark, mark)
  await world.runtime.advance(anHour)
  return settled
}

interface PocScenario {
  readonly id: string
  readonly kind: 'promise' | 'loss'
  readonly claim: string
  run(stage: Stage): Promise<void>
}

const promises: readonly PocScenario[] = [
  {
    id: 'F01',
    kind: 'promise',
    claim: 'a device in good health compresses every page',
    async run(stage) {
      const world = await open(stage, { streams: 64 })
      await world.writeWell(64, 0, 1)
      same(world.good, 64, 'pages that the device compressed')
      await world.end()
    },
  },
  {
    id: 'F02',
    kind: 'promise',
    claim: 'a device that does not come up leaves software',
    async run(stage) {
      const world = await open(stage, { starts: () => false })
      await world.writeWell(20, 0, 0)
      world.expectRefused({ removed: 20 })
      await world.end()
    },
  },
  {
    id: 'F04',
    kind: 'promise',
    claim: 'where all streams are out, software takes the page at once',
    async run(stage) {
      const world = await open(stage, { streams: 4, serviceMs: 10 })
      const written = await world.writeAll(5)
      same(written[4]!.ms, 0, 'milliseconds that the fifth write took')
      world.expectRefused({ exhausted: 1 })
      await world.end()
    },
  },
  {
    id: 'F08',
    kind: 'promise',
    claim: 'a slow answer is used, however slow',
    async run(stage) {
      const world = await open(stage, { serviceMs: 60_000 })
      await world.writeWell(4, 0, 60_000)
      world.expect({ redone: 0, deadline: 0 })
      await world.end()
    },
  },
  {
    id: 'F33',
    kind: 'promise',
    claim: 'the later of two writes to a page is stored',
    async run(stage) {
      const world = await open(stage, { script: (nth) => ({ after: nth === 0 ? 10 : 2 }) })
      await world.settle(Promise.all([world.write(0, world.page(1)), world.write(0, world.page(2))]), 'both writes')
      await world.runtime.advance(20)
      await world.end()
    },
  },
  {
    id: 'F40',
    kind: 'promise',
    claim: 'a page that does not compress is stored raw',
    async run(stage) {
      const world = await open(stage, { script: () => ({ answer: Status.declined }) })
      await world.writeWell(8, 0, 1)
      same(world.dev.stats().mm.hugePages, 8, 'pages stored raw')
      await world.end()
    },
  },
]

/** Plans after which the write of that page fails, and no other. */
function failedWrite(id: string, claim: string, plan: Plan): PocScenario {
  return {
    id,
    kind: 'loss',
    claim,
    async run(stage) {
      const world = await open(stage, { script: (nth) => (nth === 5 ? plan : {}) })
      await world.writeWell(4, 0, 1)
      same(lost(await world.writeAll(4)), 1, 'writes that failed')
      world.expect({ redone: 0, failed: 1 })
      await world.end()
    },
  }
}

/** Everything in flight fails with the device. */
function failedQueue(id: string, claim: string, befall: (world: World) => void): PocScenario {
  return {
    id,
    kind: 'loss',
    claim,
    async run(stage) {
      const world = await open(stage, { streams: 32, script: () => hanging })
      const writes = Array.from({ length: 32 }, (_, i) => world.write(i))
      await world.runtime.advance(1)
      befall(world)
      same(lost(await world.settle(Promise.all(writes), '32 writes')), 32, 'writes that failed')
      await world.end()
    },
  }
}

const losses: readonly PocScenario[] = [
  failedWrite('F06', 'a stream without room for its request is a failed write', { how: 'throw' }),
  failedWrite('F07', 'a device error is a failed write', faulty),
  failedWrite('F11', 'an unknown status is a failed write', { answer: -7 }),
  failedQueue('F16', 'removal with a full queue fails every write in it', (world) => world.device.remove('fails')),
  failedQueue('F18', 'a reset that loses requests fails their writes', (world) => world.device.reset('loses')),
  {
    id: 'F09',
    kind: 'loss',
    claim: 'a hang is a write that never returns',
    async run(stage) {
      const world = await open(stage, { script: () => hanging })
      same(await settles(world, world.write(0)), false, 'whether the write has returned after an hour')
      world.expect({ submitted: 1, deadline: 0, redone: 0 })
    },
  },
  {
    id: 'F15',
    kind: 'loss',
    claim: 'a device that is gone is asked for every page',
    async run(stage) {
      const world = await open(stage)
      world.device.remove('fails')
      await world.writeWell(50, 0, 0)
      same(world.device.counts.asked, 50, 'times that the device was asked')
      await world.end()
    },
  },
  {
    id: 'F21',
    kind: 'loss',
    claim: 'a device that fails goes on being used: every page is a failed write',
    async run(stage) {
      const world = await open(stage, { streams: 64, script: () => faulty })
      same(lost(await world.writeAll(50)), 50, 'writes that failed')
      same(world.device.counts.requests, 50, 'requests on the device')
      await world.end()
    },
  },
  {
    id: 'F31',
    kind: 'loss',
    claim: 'a block device whose hardware hangs closes by force alone, and what was out is lost',
    async run(stage) {
      const world = await openWorld(stage, { managed: poc, drainMs, device: { streams: 4, script: () => hanging } })
      const writes = Array.from({ length: 6 }, (_, i) => world.write(i))
      await world.runtime.advance(anHour)
      same(world.dev.stats().io.failedWrites, 0, 'writes that failed before close')
      const since = world.runtime.now()
      await world.close(drainMs)
      same(world.runtime.now() - since, drainMs, 'milliseconds that close took')
      same(lost(await world.settle(Promise.all(writes), '6 writes')), 4, 'writes that failed')
    },
  },
  {
    id: 'F35',
    kind: 'loss',
    claim: 'wrong bytes of a right length are stored: the page is lost',
    async run(stage) {
      const spoil = (buffer: Uint8Array, wrote: number): void => void buffer.fill(0, 0, wrote)
      const world = await open(stage, { streams: 16, script: () => ({ spoil }) })
      await world.writeWell(16, 0, 1)
      const right = [...world.expected].filter(([index, page]) => sameAs(world, index, page))
      check(right.length === world.counts.declined, 'pages that were compressed to be lost', `${right.length} right`)
      await world.close()
    },
  },
  {
    id: 'F38',
    kind: 'loss',
    claim: 'a starved engine keeps writers waiting for as long as it is starved',
    async run(stage) {
      const world = await open(stage)
      world.device.pause()
      const write = world.write(0)
      await world.runtime.advance(anHour)
      world.device.resume()
      const { ms } = await world.settle(write, 'the write')
      check(ms >= anHour, 'a wait of an hour', `${ms} ms`)
      await world.end()
    },
  },
]

function sameAs(world: World, index: number, page: Uint8Array): boolean {
  try {
    const seen = world.dev.readSync(index * world.pageSize, world.pageSize)
    return seen.every((byte, i) => byte === page[i])
  } catch {
    return false
  }
}

/** `poc/F01` and so on; none of them is in `allCases`. */
export const pocCases: readonly Case[] = [...promises, ...losses].map(({ id, kind, claim, run }) => ({
  id: `poc/${id}`,
  claim: `compat 'poc', ${kind}: ${claim}`,
  level: 2,
  mutants: kind === 'loss' ? ['cured-poc'] : [],
  run: async (trial) => run(await stageOf(trial)),
}))
