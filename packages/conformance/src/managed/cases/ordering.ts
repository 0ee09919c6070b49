/** Requests that meet: per byte, the last one submitted wins. */
import { same, sameBytes } from '../../check.js'
import { chanceOf, type Scenario } from '../scenario.js'
import { anyOrder, faulty, hanging, sometimes } from '../schedule.js'
import type { Stage } from '../stage.js'
import { openWorld, plain, type World } from '../world.js'
import { scarce } from './common.js'

/** One page under overlapping writes to parts of it, and what it must come to. */
async function overlap(world: World, random: () => number): Promise<void> {
  const { pageSize, dev } = world
  const want = world.page(0).slice()
  const writes: Promise<unknown>[] = [dev.write(0, want.slice())]
  for (let i = 1; i <= 6; i++) {
    const from = Math.floor(random() * (pageSize - 1))
    const part = world.page(i).subarray(from, from + 1 + Math.floor(random() * (pageSize - from)))
    want.set(part, from)
    writes.push(dev.write(from, part))
    if (random() < 0.3) await world.runtime.advance(Math.floor(random() * 3))
  }
  await world.settle(Promise.all(writes), 'overlapping writes')
  sameBytes(dev.readSync(0, pageSize), want, 'a page after overlapping writes')
}

/** Stored bytes of a disk with nothing but one page. */
async function storedSize(stage: Stage, page: Uint8Array): Promise<number> {
  const world = await openWorld(stage, { managed: 'none' })
  await world.settle(world.write(0, page), 'a write')
  const { comprDataSize } = world.dev.stats().mm
  await world.end()
  return comprDataSize
}

export const orderingScenarios: readonly Scenario[] = [
  {
    id: 'F33',
    claim:
      'of two writes to one page the later one is stored, whichever the device completes first, and nothing of the other',
    mutants: ['last-completed-wins'],
    async directed(stage) {
      const script = (nth: number): object => ({ after: nth === 0 ? 10 : 2 })
      const world = await openWorld(stage, { device: { script } })
      const writes = [world.write(0, world.page(1)), world.write(0, world.page(2))]
      await world.runtime.advance(3)
      sameBytes(world.dev.readSync(0, world.pageSize), world.page(2), 'the page when the later write has completed')
      await world.settle(Promise.all(writes), 'both writes')
      await world.runtime.advance(20)
      const { mm, pages } = world.dev.stats()
      same(mm.pagesStored, 1, 'pages stored')
      same(mm.comprDataSize, await storedSize(stage, world.page(2)), 'bytes stored')
      same(pages.superseded, 1, 'contents that a newer one made pointless')
      await world.end()
    },
    chaos: { ...scarce, pages: 1, mixed: false, device: { streams: 4 }, plan: anyOrder(15) },
  },
  {
    id: 'F34',
    claim: 'a read beside a write sees the old content or the new, never both, and flush waits for the write',
    mutants: ['torn-read', 'early-flush'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { serviceMs: 10 } })
      const { dev, pageSize, runtime } = world
      await world.writeWell(1)
      const [before, after] = [world.page(0), world.page(1)]
      const write = world.write(0, after)
      const flushed = world.dev.flush().then(() => runtime.now())
      const began = runtime.now()
      sameBytes(dev.readSync(0, pageSize), before, 'the page while a write is in flight, read at once')
      const seen: Promise<Uint8Array>[] = []
      for (let t = 0; t < 15; t++) {
        seen.push(dev.read(0, pageSize))
        await runtime.advance(1)
      }
      for (const [t, bytes] of (await world.settle(Promise.all(seen), 'reads beside a write')).entries()) {
        sameBytes(bytes, t < 10 ? before : after, `the page ${t} ms after its write, of 10 ms, was submitted`)
      }
      same((await world.settle(flushed, 'flush')) - began, 10, 'milliseconds that flush took')
      await world.settle(write, 'the write')
      await world.end()
    },
    chaos: { ...scarce, pages: 2, plan: anyOrder(18) },
  },
  {
    id: 'F37',
    claim: 'with several engines that complete in any order each request ends once, and the last submitted write wins',
    mutants: ['last-completed-wins', 'answers-in-order'],
    async directed(stage) {
      const random = chanceOf(stage)
      for (const engines of [2, 3, 5, 8]) {
        const script = (): object => ({ after: 1 + Math.floor(random() * 9) })
        const world = await openWorld(stage, { device: { streams: 16, engines, script } })
        const writes = Array.from({ length: 16 }, (_, i) => world.write(i % 4, world.page(i)))
        for (let i = 16; i < 60; i++) {
          if (i % 4 === 0) await world.runtime.advance(Math.floor(random() * 4))
          writes.push(world.write(Math.floor(random() * 4), world.page(i)))
        }
        for (const { failed } of await world.settle(Promise.all(writes), '60 writes')) same(failed, undefined, 'error')
        await world.runtime.advance(60)
        same(world.device.counts.answers, world.device.counts.requests, 'answers, as many as requests,')
        same(world.counts.late, world.counts.abandoned, 'late answers, as many as pages that nobody wanted any more,')
        world.expect({ redone: 0 })
        await world.end()
      }
    },
    chaos: { ...scarce, device: { streams: 6, engines: 3 }, plan: anyOrder(6) },
  },
  {
    id: 'F41',
    claim: 'writes to overlapping parts of a page lose no byte, while others of them are in flight, fail or hang',
    mutants: ['patches-outside'],
    async directed(stage) {
      const random = chanceOf(stage)
      const plans = { right: anyOrder(), wrong: sometimes(0.4, faulty, hanging) }
      for (const plan of Object.values(plans)) {
        const device = { streams: 8, script: () => plan(random) }
        const world = await openWorld(stage, { managed: { ...plain, deadlineMs: 20 }, device })
        for (let round = 0; round < 10; round++) await overlap(world, random)
        world.device.unstick()
        await world.runtime.advance(30)
        world.expect({ failed: 0 })
        await world.end()
      }
    },
    chaos: { ...scarce, pages: 2, plan: sometimes(0.2, faulty, { after: 25 }), length: 40 },
  },
  {
    id: 'F42',
    claim: 'a synchronous write over one in flight is there at once and stays; what it leaves of the page is the other',
    mutants: ['sync-is-async', 'last-completed-wins'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { serviceMs: 10 } })
      const { dev, pageSize, runtime } = world
      const first = world.write(0, world.page(1))
      dev.writeSync(0, world.page(2))
      world.expected.set(0, world.page(2))
      sameBytes(dev.readSync(0, pageSize), world.page(2), 'the page right after a synchronous write')
      await runtime.advance(20)
      sameBytes(dev.readSync(0, pageSize), world.page(2), 'the page when the older write has completed')
      await world.settle(first, 'the older write')

      const [from, to] = [pageSize >> 2, pageSize >> 1]
      const second = dev.write(pageSize, world.page(3))
      dev.writeSync(pageSize + from, world.page(4).subarray(from, to))
      const want = world.page(3).slice()
      want.set(world.page(4).subarray(from, to), from)
      sameBytes(dev.readSync(pageSize, pageSize), want, 'the page after a synchronous write to part of it')
      await world.settle(second, 'the write below')
      world.expected.set(1, want)
      same(world.counts.refused.sync, 2, "pages kept from the device as 'sync'")
      await runtime.advance(20)
      same(world.counts.late, 2, 'answers that nobody wanted any more')
      await world.end()
    },
    chaos: { ...scarce, pages: 2, plan: sometimes(0.2, faulty, { after: 19 }) },
  },
]
