/** Answers that come late, or never. */
import { check, same } from '../../check.js'
import type { Plan } from '../../fakes/scripted-plan.js'
import type { Scenario } from '../scenario.js'
import { faulty, hanging, sometimes } from '../schedule.js'
import { deadlineMs, openWorld, patience, plain } from '../world.js'
import { quickBreaker, scarce } from './common.js'

export const lateScenarios: readonly Scenario[] = [
  {
    id: 'F09',
    claim:
      'a request that hangs is redone in software at its deadline, its stream is set apart, and the breaker is told',
    mutants: ['poc', 'endless-deadline', 'no-breaker'],
    async directed(stage) {
      const managed = { ...plain, breaker: quickBreaker }
      const world = await openWorld(stage, { managed, device: { script: () => hanging } })
      await world.writeWell(1)
      world.expect({ submitted: 1, deadline: 1, redone: 1, failed: 0, late: 0 })
      same(world.hw.quarantined, 1, 'streams in quarantine')
      same(world.health, 'open', 'health after a hang')
      same(world.runtime.pending, 0, 'timers while nothing is in flight')
      await world.writeWell(3, 1, 0)
      world.expectRefused({ open: 3 })
      await world.end({ hanging: 1 })
    },
    chaos: { ...scarce, plan: sometimes(0.25, hanging), events: ['unstick'] },
  },
  {
    id: 'F10',
    claim: 'an answer after the deadline is counted and dropped, and no other page gets its bytes or its length',
    mutants: ['puts-at-deadline', 'answers-in-order'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { streams: 2, serviceMs: 10, script: hangFirst } })
      await world.writeWell(1)
      await world.writeWell(1, 4)
      world.expect({ late: 0 }, 'while the first still hangs')
      const others = Promise.all([world.write(5), world.write(6)])
      world.device.unstick()
      await world.settle(others, '2 writes while a late answer comes')
      world.expect({ deadline: 1, late: 1, redone: 1 })
      await world.writeWell(2, 7)
      same(world.hw.quarantined, 0, 'streams in quarantine after the late answer')
      await world.end()
    },
    chaos: { ...scarce, device: { streams: 2 }, plan: sometimes(0.4, { after: 25 }, { after: 40 }, { after: 21 }) },
  },
  {
    id: 'F19',
    claim:
      'a device that a reset does not bring back costs a stream for each probe, ever more rarely; software does the work',
    mutants: ['no-breaker', 'poc'],
    async directed(stage) {
      const managed = { ...plain, deadlineMs: 20, breaker: quickBreaker }
      const world = await openWorld(stage, { managed, device: { streams: 16, script: () => hanging } })
      for (let t = 0; t < 4000; t += 10) {
        await world.writeWell(1, t % 200, 22)
        await world.runtime.advance(10)
      }
      const { requests } = world.device.counts
      check(requests >= 4 && requests <= 8, 'one request and a probe per back-off, 4 to 8', requests)
      same(world.health, 'open', 'health')
      same(world.counts.breaker.closed, 0, 'times that the breaker closed')
      await world.end({ hanging: requests })
    },
    chaos: {
      managed: { ...scarce.managed, breaker: { ...quickBreaker, backoffMs: 5, mostBackoffMs: 40 } },
      device: { streams: 4 },
      plan: sometimes(0.9, hanging, faulty),
      events: ['remove, hanging', 'reset, losing'],
    },
  },
  {
    id: 'F38',
    claim:
      'while the engines are starved nobody waits longer than the deadline, and no more piles up than there are streams',
    mutants: ['endless-deadline', 'poc'],
    async directed(stage) {
      const managed = { ...plain, deadlineMs: 10 }
      const world = await openWorld(stage, { managed, device: { streams: 8, serviceMs: 50 } })
      for (let round = 0; round < 6; round++) {
        await world.writeWell(20, 0, 12)
        check(world.hw.quarantined <= 8, 'at most 8 streams in quarantine', world.hw.quarantined)
      }
      await world.runtime.advance(deadlineMs)
      same(world.counts.late, world.counts.deadline, 'late answers, as many as deadlines that passed,')
      await world.end({ closeMs: patience })
    },
    chaos: { ...scarce, device: { streams: 4, engines: 1 }, events: ['pause', 'pause', 'resume'] },
  },
]

const hangFirst = (nth: number): Plan => (nth === 0 ? hanging : {})
