/** Memory that is short, and wake-ups that are not made. */
import { check, same } from '../../check.js'
import type { Scenario } from '../scenario.js'
import { anyOrder, faulty, hanging, sometimes } from '../schedule.js'
import { openWorld, patience, type World } from '../world.js'
import { scarce } from './common.js'

/** Memory that can grow: what is declared for newer targets only. */
interface Resizable {
  resize(this: ArrayBuffer, bytes: number): void
}

/** Runs `work` while no memory can be had for pages. Nothing but virtual time runs meanwhile, so nobody else sees it. */
async function starved<T>(work: () => Promise<T>): Promise<T> {
  const prototype = ArrayBuffer.prototype as unknown as Resizable
  const { resize } = prototype
  prototype.resize = function (bytes) {
    if (bytes > this.byteLength) throw new RangeError('the host has no memory left')
    resize.call(this, bytes)
  }
  try {
    return await work()
  } finally {
    prototype.resize = resize
  }
}

/** How many of the writes failed, each with ENOMEM. */
function failures(written: readonly { readonly failed: string | undefined }[]): number {
  const failed = written.filter((one) => one.failed !== undefined)
  for (const one of failed) same(one.failed, 'ENOMEM', 'error of a write without memory')
  return failed.length
}

const noise = (world: World, first: number, count: number, shift = 0): Promise<Awaited<ReturnType<World['write']>>[]> =>
  world.settle(
    Promise.all(
      Array.from({ length: count }, (_, i) => world.write(first + i, world.stage.page(first + i + shift, 'noise'))),
    ),
    `${count} writes`,
  )

/** Core tells a device of its first pages, of the others some at a time, at the end of the turn, and while it looks for the last answers. */
const commitsPerBurst = 64

export const memoryScenarios: readonly Scenario[] = [
  {
    id: 'F36',
    claim: 'a device is woken once for a burst, not for each page, and never while there is nothing to do',
    mutants: ['rings-for-each-page'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { streams: 128 } })
      const page = stage.page(0)
      const burst = new Uint8Array(128 * world.pageSize)
      for (let i = 0; i < 128; i++) {
        burst.set(page, i * world.pageSize)
        world.expected.set(i, page)
      }
      const bursts = 6
      for (let i = 0; i < bursts; i++) await world.settle(world.dev.write(0, burst), 'a burst of 128 pages')
      same(world.good, 128 * bursts, 'pages that the device compressed')
      const { wakes } = world.device.counts
      check(wakes <= bursts + 2, `at most ${bursts + 2} wake-ups for ${bursts} bursts`, wakes)
      await world.runtime.advance(1)
      const { commits } = world.device.counts
      check(commits <= bursts * commitsPerBurst, `at most ${commitsPerBurst} commits a burst`, commits / bursts)
      await world.runtime.advance(60_000)
      same(world.device.counts.commits, commits, 'commits after an idle minute')
      same(world.runtime.pending, 0, 'timers while idle')
      await world.end()
    },
    chaos: { ...scarce, device: { streams: 8 }, plan: anyOrder() },
  },
  {
    id: 'F39',
    claim:
      'where memory cannot grow, writes fail with ENOMEM and leave the old content, redos go on, and later all is well',
    mutants: ['swallows-errors'],
    async directed(stage) {
      const world = await openWorld(stage, {
        pages: 512,
        device: { streams: 32, script: (nth) => (nth % 5 === 1 ? faulty : nth % 7 === 1 ? hanging : {}) },
      })
      await noise(world, 0, 32)
      await starved(async () => {
        check(failures(await noise(world, 64, 300)) > 0, 'writes to fail while there is no memory', 0)
        failures(await noise(world, 0, 32, 7))
        world.expectContent()
        world.expectLaws()
        for (const { ms } of await noise(world, 0, 8, 11)) check(ms <= patience, `at most ${patience} ms`, ms)
        world.device.unstick()
        await world.runtime.advance(1)
      })
      same(failures(await noise(world, 64, 64)), 0, 'writes that fail when there is memory again')
      check(world.counts.redone > 0, 'pages to have been redone', world.counts.redone)
      world.expect({ failed: 0 })
      await world.runtime.advance(patience)
      world.device.unstick()
      await world.runtime.advance(1)
      await world.end()
    },
    chaos: { ...scarce, memLimitPages: 3, plan: sometimes(0.3, faulty, hanging), events: ['unstick'] },
  },
  {
    id: 'F43',
    claim:
      'a page for which mem_limit leaves no room fails when the device has compressed it: ENOMEM, and the old content stays',
    mutants: ['swallows-errors'],
    async directed(stage) {
      const world = await openWorld(stage, { memLimit: 8 * stage.pageSize, device: { streams: 32 } })
      const failed = failures(await noise(world, 0, 24))
      check(failed > 0 && failed < 24, 'some of 24 writes to fail under a limit of 8 pages', failed)
      same(world.good, 24, 'pages that the device answered')
      same(world.dev.stats().pages.failed, failed, 'pages that failed')
      check(failures(await noise(world, 0, 8, 100)) > 0, 'writes over old content to fail at the limit', 0)
      world.expectContent()
      const { memUsedTotal, memLimit } = world.dev.stats().mm
      check(memUsedTotal <= memLimit, `at most ${memLimit} bytes held`, memUsedTotal)
      await world.settle(world.dev.discard(0, 8 * world.pageSize), 'a discard')
      for (let i = 0; i < 8; i++) world.expected.set(i, stage.page(0, 'zero'))
      await world.writeWell(1)
      await world.end()
    },
    chaos: { ...scarce, memLimitPages: 2, plan: anyOrder(12) },
  },
]
