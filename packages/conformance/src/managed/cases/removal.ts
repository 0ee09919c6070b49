/** Devices that go away, reset, and come back. */
import { Status } from '@zcomp/core'
import { check, same } from '../../check.js'
import type { Scenario } from '../scenario.js'
import { hanging, sometimes } from '../schedule.js'
import { openWorld, patience, plain, type World } from '../world.js'
import { quickBreaker, scarce } from './common.js'

const watched = { ...plain, breaker: quickBreaker }
/** Back-offs short enough for a schedule to live through several. */
const shortBreaker = { ...quickBreaker, goodProbes: 2, backoffMs: 4, mostBackoffMs: 32 }

/** `count` writes, and what befalls the device while they are in flight. */
async function writeMeanwhile(world: World, count: number, afterMs: number, befall: () => void): Promise<void> {
  const writes = Array.from({ length: count }, (_, i) => world.write(i))
  await world.runtime.advance(afterMs)
  befall()
  for (const { ms, failed } of await world.settle(Promise.all(writes), `${count} writes in flight`)) {
    same(failed, undefined, 'error of a write in flight')
    check(ms <= patience, `a write in flight to end within ${patience} ms`, `${ms} ms`)
  }
}

export const removalScenarios: readonly Scenario[] = [
  {
    id: 'F15',
    claim:
      'after removal of an idle device pages go to software, and the device is not touched again until it may be back',
    mutants: ['no-breaker', 'strict'],
    async directed(stage) {
      const world = await openWorld(stage, { managed: watched })
      await world.writeWell(4)
      world.device.remove('fails')
      const { asked, commits } = world.device.counts
      await world.writeWell(100, 0, 0)
      world.expectRefused({ removed: 100 })
      same(world.device.counts.asked, asked + 1, 'times that the device was asked')
      same(world.device.counts.commits, commits, 'commits to a device that is gone')
      same(world.health, 'removed', 'health')
      await world.end()
    },
    chaos: {
      ...scarce,
      managed: { ...scarce.managed, breaker: shortBreaker },
      events: ['remove, failing', 'come back'],
    },
  },
  {
    id: 'F16',
    claim: 'when a device is removed with its queue full, every page is redone, once, within the deadline',
    mutants: ['poc', 'loses-an-answer'],
    async directed(stage) {
      const device = { streams: 128, script: () => hanging }
      const fails = await openWorld(stage, { device })
      await writeMeanwhile(fails, 128, 1, () => fails.device.remove('fails'))
      fails.expect({ submitted: 128, fault: 128, redone: 128, failed: 0, late: 0 })
      await fails.end()

      const hangs = await openWorld(stage, { device })
      await writeMeanwhile(hangs, 128, 1, () => hangs.device.remove('hangs'))
      hangs.expect({ submitted: 128, deadline: 128, redone: 128, failed: 0 })
      await hangs.end({ hanging: 128 })
    },
    chaos: { ...scarce, events: ['remove, failing', 'remove, hanging', 'come back'] },
  },
  {
    id: 'F17',
    claim: 'a device that comes back is tried with single requests, and then is in full use again',
    mutants: ['leaks-streams', 'no-breaker'],
    async directed(stage) {
      const world = await openWorld(stage, { managed: watched, device: { streams: 32 } })
      world.device.remove('fails')
      await world.writeWell(1)
      world.device.comeBack()
      await world.writeWell(1, 1, 0)
      world.expectRefused({ removed: 2 })
      await world.runtime.advance(100)
      for (let probe = 1; probe <= quickBreaker.goodProbes; probe++) {
        await world.writeWell(1, probe)
        same(world.health, probe < quickBreaker.goodProbes ? 'half-open' : 'closed', `health after probe ${probe}`)
      }
      await world.writeWell(32, 10)
      same(world.good, 35, 'pages that the device compressed')
      const { removed, halfOpened, closed, opened } = world.counts.breaker
      same(`${[removed, halfOpened, closed, opened]}`, '1,1,1,0', 'removed, half-opened, closed, opened')
      await world.end()
    },
    chaos: {
      ...scarce,
      managed: { ...scarce.managed, breaker: shortBreaker },
      events: ['remove, failing', 'come back', 'remove, hanging', 'come back'],
    },
  },
  {
    id: 'F18',
    claim: 'a reset in flight leaves each page with its own result or a redo, and later pages have nothing of it',
    mutants: ['poc', 'leaks-streams', 'answers-in-order'],
    async directed(stage) {
      const script = (nth: number): object => (nth % 3 || nth >= 64 ? { after: 2 } : hanging)
      const world = await openWorld(stage, { device: { streams: 64, script } })
      await writeMeanwhile(world, 64, 3, () => world.device.reset('loses'))
      world.expect({ submitted: 64, fault: 22, redone: 22, failed: 0, late: 0 })
      await world.writeWell(64, 100)
      same(world.good, 106, 'pages that the device compressed')
      await world.end()

      const kind = await openWorld(stage, { device: { streams: 64, script: () => hanging } })
      await writeMeanwhile(kind, 64, 3, () => kind.device.reset('completes'))
      kind.expect({ fault: 0, redone: 0, failed: 0 })
      await kind.end()
    },
    chaos: {
      ...scarce,
      plan: sometimes(0.3, hanging, { answer: Status.fault }),
      events: ['reset, losing', 'reset, completing'],
    },
  },
]
