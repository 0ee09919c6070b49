/** Getting a stream, or not: software at once, with the reason. */
import { virtualRuntime, waitUpTo } from '@zcomp/core'
import { check, same } from '../../check.js'
import { scriptedDevice } from '../../fakes/scripted-ops.js'
import type { Scenario } from '../scenario.js'
import { anyOrder, sometimes } from '../schedule.js'
import { deadlineMs, joinWorld, openWorld, plain } from '../world.js'
import { scarce } from './common.js'

export const acquireScenarios: readonly Scenario[] = [
  {
    id: 'F02',
    claim: 'a device that does not come up, or not yet, costs nothing: pages go to software and the reason says so',
    mutants: ['strict'],
    async directed(stage) {
      const dead = await openWorld(stage, { device: { starts: () => false } })
      await dead.writeWell(20, 0, 0)
      dead.expectRefused({ removed: 20 })
      dead.expect({ got: 0, submitted: 0 })
      await dead.end()
      same(dead.device.users, 0, 'users of the device after close')

      const slow = await openWorld(stage, { device: { startMs: 50 } })
      await slow.writeWell(5, 0, 0)
      slow.expectRefused({ starting: 5 })
      await slow.runtime.advance(50)
      await slow.writeWell(5)
      slow.expect({ submitted: 5, redone: 0 })
      await slow.end()
    },
    chaos: { ...scarce, plan: anyOrder(), events: ['starting', 'come back', 'come back'] },
  },
  {
    id: 'F03',
    claim: 'a device that gives one block device no part of itself goes on working for the others',
    mutants: ['strict'],
    async directed(stage) {
      const runtime = virtualRuntime(stage.trial.seed)
      const joins = (nth: number): boolean => nth !== 1
      const { ops, device } = scriptedDevice(stage.ops, { runtime, slotBytes: stage.pageSize, joins })
      const first = await joinWorld(stage, runtime, ops, device)
      const second = await joinWorld(stage, runtime, ops, device)
      same(device.users, 2, 'users of the device')
      await Promise.all([first.writeWell(8), second.writeWell(8, 0, 0)])
      second.expectRefused({ removed: 8 })
      same(first.good, 8, 'pages that the other block device had compressed')
      await second.end()
      same(device.users, 1, 'users after the second close')
      await first.writeWell(8)
      same(first.good, 16, 'pages that the other block device had compressed')
      await first.end()
    },
    chaos: { ...scarce, plan: sometimes(0.2, { how: 'throw' }), events: ['starting', 'come back'] },
  },
  {
    id: 'F04',
    claim: 'where all streams are out, the next page is compressed in software at once, and nobody waits',
    mutants: ['waits-when-exhausted'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { streams: 128, serviceMs: 10 } })
      const written = await world.writeAll(129)
      same(written[128]!.ms, 0, 'milliseconds that the 129th write took')
      world.expectRefused({ exhausted: 1 })
      same(world.good, 128, 'pages that the device compressed')
      await world.end()
    },
    chaos: { ...scarce, device: { streams: 1 }, plan: anyOrder(19), events: ['full', 'come back'] },
  },
  {
    id: 'F05',
    claim: 'a stream that is being given back is not lent before it is back: the next page finds another, or software',
    mutants: ['puts-twice'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { streams: 1, putMs: 5 } })
      await world.writeWell(1)
      same(world.device.free, 0, 'free streams while one is being given back')
      await world.writeWell(1, 1, 0)
      world.expectRefused({ exhausted: 1 })
      await world.runtime.advance(5)
      await world.writeWell(1, 2)
      same(world.good, 2, 'pages that the device compressed')
      await world.runtime.advance(5)
      same(world.device.free, 1, 'free streams at the end')
      await world.end()
    },
    chaos: { ...scarce, device: { streams: 2, putMs: 3 }, plan: anyOrder() },
  },
  {
    id: 'F12',
    claim: 'pages that wait for a stream each get theirs once, in the order in which they came',
    mutants: ['forgets-who-waits'],
    async directed(stage) {
      const managed = { ...plain, policy: waitUpTo(1000), deadlineMs: 5000 }
      const world = await openWorld(stage, { managed, device: { streams: 1, serviceMs: 10 } })
      const order: number[] = []
      const writes = [0, 1, 2, 3].map((i) => world.write(i).then(() => order.push(i)))
      // Twice the space that comes free is taken by somebody else.
      world.runtime.after(10, () => {
        world.device.refuse = 'exhausted'
      })
      world.runtime.after(12, () => {
        world.device.refuse = undefined
      })
      await world.settle(Promise.all(writes), '4 writes on one stream')
      same(order.join(), '0,1,2,3', 'order in which the writes ended')
      same(world.device.counts.requests, 4, 'requests on the device')
      same(world.good, 4, 'pages that the device compressed')
      check(world.counts.waits >= 3, 'pages to have waited', world.counts.waits)
      await world.end()
    },
    chaos: {
      managed: { ...scarce.managed, policy: waitUpTo(12) },
      device: { streams: 1 },
      plan: anyOrder(6),
      events: ['full', 'come back'],
      withinMs: 'any',
    },
  },
  {
    id: 'F13',
    claim: 'a page that waits where nothing ever completes goes on by time, and ends in software within its bound',
    mutants: ['forgets-who-waits'],
    async directed(stage) {
      const managed = { ...plain, policy: waitUpTo(20) }
      const world = await openWorld(stage, { managed })
      world.device.refuse = 'exhausted'
      const [waited] = await world.writeAll(1)
      check(waited!.ms >= 20 && waited!.ms <= 21, 'a wait of 20 ms, then software', `${waited!.ms} ms`)
      world.expectRefused({ exhausted: 1 })
      const write = world.write(1)
      world.runtime.after(7, () => {
        world.device.refuse = undefined
      })
      const found = await world.settle(write, 'a write while a stream comes free elsewhere')
      check(found.ms <= 10, 'the stream to be found within 10 ms', `${found.ms} ms`)
      same(world.good, 1, 'pages that the device compressed')
      await world.end()

      const patient = { ...plain, policy: waitUpTo(Number.POSITIVE_INFINITY) }
      const bounded = await openWorld(stage, { managed: patient })
      bounded.device.refuse = 'exhausted'
      const [last] = await bounded.writeAll(1)
      check(last!.ms <= deadlineMs + 2, 'a wait bounded by the deadline', `${last!.ms} ms`)
      await bounded.end()
    },
    chaos: {
      managed: { ...scarce.managed, policy: waitUpTo(8) },
      device: { streams: 1 },
      plan: sometimes(0.2, { how: 'never' }),
      events: ['full', 'come back', 'unstick'],
      withinMs: 'any',
    },
  },
]
