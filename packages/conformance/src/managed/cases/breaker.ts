/** Leaving a failing device alone, and finding out when it works again. */
import { check, same } from '../../check.js'
import type { Plan } from '../../fakes/scripted-plan.js'
import type { Scenario } from '../scenario.js'
import { faulty, sometimes } from '../schedule.js'
import { openWorld, plain } from '../world.js'
import { quickBreaker, scarce } from './common.js'

const watched = { ...plain, breaker: quickBreaker }
const shortBreaker = { ...quickBreaker, backoffMs: 4, mostBackoffMs: 32 }

export const breakerScenarios: readonly Scenario[] = [
  {
    id: 'F21',
    claim:
      'so many errors among so many answers, and the device gets nothing more; fewer than that, and it stays in use',
    mutants: ['no-breaker', 'hasty-breaker', 'poc'],
    async directed(stage) {
      const bad = await openWorld(stage, { managed: watched, device: { script: () => faulty } })
      for (let i = 0; i < 50; i++) await bad.writeWell(1, i, i < 4 ? 1 : 0)
      same(bad.health, 'open', 'health')
      same(bad.device.counts.requests, 4, 'requests until it opened')
      bad.expectRefused({ open: 46 })
      bad.expect({ redone: 4, failed: 0 })
      await bad.end()

      const script = (nth: number): Plan => (nth % 16 < 3 ? faulty : {})
      const fair = await openWorld(stage, { managed: watched, device: { script } })
      for (let i = 0; i < 100; i++) await fair.writeWell(1, i)
      same(fair.health, 'closed', 'health with 3 errors among 16')
      same(fair.device.counts.requests, 100, 'requests')
      await fair.end()
    },
    chaos: { ...scarce, managed: { ...scarce.managed, breaker: shortBreaker }, plan: sometimes(0.7, faulty) },
  },
  {
    id: 'F22',
    claim:
      'after its back-off a device gets one probe at a time, however many pages come, and after enough good ones all',
    mutants: ['no-breaker', 'no-backoff'],
    async directed(stage) {
      const script = (nth: number): Plan => (nth < 4 ? faulty : { after: 5 })
      const world = await openWorld(stage, { managed: watched, device: { streams: 32, script } })
      for (let i = 0; i < 4; i++) await world.writeWell(1, i)
      await world.runtime.advance(98)
      await world.writeWell(1, 4, 0)
      world.expectRefused({ open: 1 }, 'before the back-off is over')
      await world.runtime.advance(2)
      for (let probe = 1; probe <= 3; probe++) {
        const before = world.device.counts.requests
        await world.writeWell(20, 20 * probe, 5)
        same(world.device.counts.requests, before + 1, `requests beside probe ${probe}`)
      }
      same(world.health, 'closed', 'health after three good probes')
      const { opened, halfOpened, closed, probes, probesGood } = world.counts.breaker
      same(
        `${[opened, halfOpened, closed, probes, probesGood]}`,
        '1,1,1,3,3',
        'opened, half-opened, closed, probes, good',
      )
      const before = world.device.counts.requests
      await world.writeWell(20, 100, 5)
      same(world.device.counts.requests, before + 20, 'requests in full use')
      await world.end()
    },
    chaos: {
      ...scarce,
      managed: { ...scarce.managed, breaker: { ...shortBreaker, errors: 1, goodProbes: 2 } },
      plan: sometimes(0.4, faulty),
    },
  },
  {
    id: 'F23',
    claim: 'a device that flaps between good and bad gets fewer and fewer chances, and no write fails',
    mutants: ['no-breaker', 'no-backoff', 'poc'],
    async directed(stage) {
      const script = (nth: number): Plan => (Math.floor(nth / 10) % 2 ? faulty : {})
      const breaker = { ...quickBreaker, backoffMs: 20, mostBackoffMs: 160 }
      const world = await openWorld(stage, { managed: { ...plain, breaker }, device: { script } })
      const page = world.stage.page(0, 'sparse')
      const total = 1500
      for (let i = 0; i < total; i++) {
        const { ms, failed } = await world.settle(world.write(i % 64, page), 'a write')
        same(failed, undefined, 'error of a write')
        check(ms <= 1, 'a write to take at most the one millisecond of the device', ms)
        await world.runtime.advance(1)
      }
      const { opened } = world.counts.breaker
      check(opened > 3 && opened <= 20, 'the breaker to open 4 to 20 times', opened)
      check(world.good < total / 5, 'the device to get less than a fifth of the pages', world.good)
      world.expect({ failed: 0 })
      await world.end()
    },
    chaos: {
      ...scarce,
      managed: { ...scarce.managed, breaker: { ...shortBreaker, errors: 2 } },
      events: ['pause', 'resume', 'resume'],
      plan: sometimes(0.5, faulty, { how: 'reject' }),
    },
  },
]
