/** Ends: of use, of a block device, of everything that is to be done. */
import { Status, waitUpTo, Zcomp } from '@zcomp/core'
import { check, fail, same } from '../../check.js'
import { rigged } from '../rigged.js'
import type { Scenario } from '../scenario.js'
import { anyOrder, hanging, sometimes } from '../schedule.js'
import { codeOf, deadlineMs, joinWorld, openWorld, patience, plain, type World } from '../world.js'
import { scarce } from './common.js'

/** A front end without a block device, on a world's device. */
async function frontEnd(world: World): Promise<Zcomp> {
  const { runtime, pageSize, stage } = world
  const managed = stage.trial.rig.managed?.(plain) ?? plain
  return Zcomp.create(rigged(world.ops, stage.trial.rig, runtime), { pageSize }, { managed, runtime })
}

function deskOf(zcomp: Zcomp): Exclude<Zcomp['managed'], 'none'> {
  return zcomp.managed === 'none' ? fail('the front end to have managed streams', 'none') : zcomp.managed
}

export const drainScenarios: readonly Scenario[] = [
  {
    id: 'F20',
    claim: 'use is ended with streams out: all go back once, none can be had any more, and software goes on',
    mutants: ['leaks-streams', 'puts-twice', 'strict'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { streams: 50 } })
      const zcomp = await frontEnd(world)
      const desk = deskOf(zcomp)
      const leases = Array.from({ length: 50 }, () => zcomp.getManagedStream())
      await world.settle(desk.drain(), 'the drain')
      same(world.device.free, 50, 'streams that are back')
      for (const lease of leases) if (typeof lease === 'object') lease.release()
      same(desk.counts.put, 50, 'streams put')
      same(zcomp.getManagedStream(), 'draining', 'answer to who asks for another')
      const out = new Uint8Array(2 * world.pageSize)
      const wrote = await world.settle(zcomp.compressPage(world.page(0), out), 'a page in software')
      check(wrote > 0 || wrote === Status.declined, 'software to take the page', wrote)
      await world.settle(zcomp.close(), 'close')
      await world.end()
    },
    chaos: { ...scarce, plan: anyOrder() },
  },
  {
    id: 'F29',
    claim: 'close waits for what is in flight; afterwards nothing calls anybody',
    mutants: ['closes-at-once'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { streams: 128, serviceMs: 30 } })
      let ended = 0
      const writes = Array.from({ length: 128 }, (_, i) => world.write(i).then(({ failed }) => failed ?? ended++))
      await world.close(31)
      same(ended, 128, 'writes that had succeeded when close came back')
      same(world.runtime.now(), 30, 'milliseconds until close came back')
      await world.settle(Promise.all(writes), 'the writes')
      await world.runtime.advance(10 * deadlineMs)
      same(world.device.users, 0, 'users of the device')
      same(world.device.broken.length, 0, 'calls after the end')
    },
    chaos: { ...scarce, plan: sometimes(0.2, hanging) },
  },
  {
    id: 'F30',
    claim: 'whoever comes while use is being ended is turned away at once, and no request stays unfinished',
    mutants: ['strict', 'closes-at-once'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { serviceMs: 10 } })
      const zcomp = await frontEnd(world)
      const out = () => new Uint8Array(2 * world.pageSize)
      const early = [0, 1, 2, 3].map((i) => zcomp.compressPage(world.page(i), out()))
      const drained = deskOf(zcomp).drain()
      const late = [4, 5, 6, 7].map((i) => zcomp.compressPage(world.page(i), out()))
      for (const wrote of await world.settle(Promise.all(late), 'pages that came late'))
        check(wrote > 0 || wrote === Status.declined, 'software to take the page', wrote)
      same(world.runtime.now(), 0, 'milliseconds that late pages waited')
      same(deskOf(zcomp).counts.refused.draining, 4, "pages refused as 'draining'")
      await world.settle(Promise.all([drained, ...early]), 'pages that came early')
      await world.settle(zcomp.close(), 'close')
      await world.end()

      const managed = { ...plain, policy: waitUpTo(50) }
      const closing = await openWorld(stage, { managed, device: { streams: 1, serviceMs: 10 } })
      const writes = [0, 1, 2].map((i) => closing.write(i))
      const closed = closing.close(60)
      same(await closing.dev.write(0, closing.page(0)).catch(codeOf), 'ENODEV', 'answer to a write after close began')
      await closed
      for (const { failed } of await closing.settle(Promise.all(writes), 'writes accepted before close'))
        same(failed, undefined, 'error of a write accepted before close')
    },
    chaos: { ...scarce, managed: { ...scarce.managed, policy: waitUpTo(5) }, withinMs: 'any', plan: anyOrder() },
  },
  {
    id: 'F31',
    claim: 'a block device whose hardware hangs closes within the deadline, and others may be set up meanwhile',
    mutants: ['endless-deadline', 'poc'],
    async directed(stage) {
      const script = (_nth: number, setup: number): object => (setup === 0 ? hanging : {})
      const world = await openWorld(stage, { device: { streams: 32, script } })
      const writes = Array.from({ length: 16 }, (_, i) => world.write(i))
      const closed = world.close()
      const other = await joinWorld(stage, world.runtime, world.ops, world.device)
      await other.writeWell(8, 0, 1)
      same(other.good, 8, 'pages of the other that the device compressed')
      await closed
      for (const { ms, failed } of await world.settle(Promise.all(writes), 'writes on a device that hangs')) {
        same(failed, undefined, 'error of a write')
        check(ms <= patience, `a write to end within ${patience} ms`, `${ms} ms`)
      }
      await other.end()
      same(world.device.users, 0, 'users of the device')
    },
    chaos: { ...scarce, plan: sometimes(0.5, hanging), events: ['remove, hanging'] },
  },
  {
    id: 'F44',
    claim: 'something keeps the process alive while a request is in flight, and nothing does when all is done',
    mutants: ['leaves-a-timer'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { streams: 2, script: () => hanging } })
      const idle = (): number => world.runtime.pending - world.device.timers
      await world.runtime.advance(1)
      same(idle(), 0, 'timers of an idle device')
      const writes = [0, 1, 2].map((i) => world.write(i))
      await world.runtime.advance(deadlineMs - 1)
      check(idle() > 0, 'a timer while requests are in flight', idle())
      await world.settle(Promise.all(writes), '3 writes')
      await world.runtime.advance(1)
      same(idle(), 0, 'timers while streams hang that nobody waits for')

      const managed = { ...plain, policy: waitUpTo(30) }
      const waiting = await joinWorld(stage, world.runtime, world.ops, world.device, { managed })
      world.device.refuse = 'exhausted'
      const write = waiting.write(0)
      await world.runtime.advance(20)
      check(idle() > 0, 'a timer while a page waits for a stream', idle())
      await world.settle(write, 'a write that waits for a stream')
      world.device.refuse = undefined
      await world.end({ hanging: 2 })
      await waiting.end()
      same(world.runtime.pending, 0, 'timers after close')
    },
    chaos: { ...scarce, plan: sometimes(0.3, hanging), events: ['pause', 'resume'] },
  },
]
