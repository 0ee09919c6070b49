/** Getting a stream, and what becomes of a page where there is none: F02 to F05, F12, F13. */
import { expect, it } from 'vitest'
import { assist, type ManagedLease, neverWait, seededRandom, waitUpTo } from '../../src/index.js'
import { describeBoth, pageSize, randomPage, World } from './world.js'

const plain = { policy: neverWait(), deadlineMs: 100 }

describeBoth('a device that has no stream', () => {
  it('F02 F03 did not come up: software from the start, and the reason says so', async () => {
    const world = new World({ streams: 0, managed: plain })
    world.device.refuse = 'removed'
    const written = await world.writeAll(20)
    expect(new Set(written.map(({ reason }) => reason))).toEqual(new Set(['removed']))
    expect(world.desk.counts.refused.removed).toBe(20)
    expect(world.device.calls.getStream).toBe(1)
    world.expectLawful()
  })

  it('F02 is still starting, and is asked again for each page', async () => {
    const world = new World({ managed: plain })
    world.device.refuse = 'starting'
    expect(await world.writeAll(2)).toMatchObject([{ reason: 'starting' }, { reason: 'starting' }])
    world.device.refuse = undefined
    expect(await world.writeAll(1)).toMatchObject([{ via: 'managed' }])
    world.expectLawful()
  })

  it('F04 is exhausted: software at once', async () => {
    const world = new World({ streams: 128, managed: plain, script: () => ({ after: 10 }) })
    const written = await world.writeAll(129)
    expect(written.filter(({ via }) => via === 'managed')).toHaveLength(128)
    expect(written[128]).toMatchObject({ via: 'software', reason: 'exhausted', ms: 0 })
    world.expectLawful()
  })

  it('F05 takes one back only when that is finished', async () => {
    const world = new World({ streams: 1, managed: plain })
    const lease = world.lend()
    expect(world.desk.getStream()).toBe('exhausted')
    lease.release()
    lease.release()
    expect(world.device.calls.putStream).toBe(1)
    expect(await world.writeAll(1)).toMatchObject([{ via: 'managed' }])
    world.expectLawful()
  })

  it('breaks the contract: counted, and taken for gone', () => {
    const nonsense: unknown[] = ['busy', null, 7, { src: new Uint8Array(1), buffer: new Uint8Array(pageSize) }]
    for (const answer of nonsense) {
      const world = new World({ managed: plain })
      world.device.getStream = () => answer as 'exhausted'
      expect(world.desk.getStream()).toBe('removed')
      expect(world.desk.counts.broken).toBe(1)
      expect(world.laws()).toEqual([])
    }
    const world = new World({ managed: plain })
    world.device.getStream = () => {
      throw new Error('no')
    }
    expect(world.desk.getStream()).toBe('removed')
    expect(world.desk.counts).toMatchObject({ broken: 1, got: 0 })
  })

  it('lends one stream to two: the second loan is refused', () => {
    const world = new World({ streams: 1, managed: plain })
    const lease = world.lend()
    const same = { src: lease.src, buffer: lease.buffer, compress: async () => 1 }
    world.device.getStream = () => same
    expect(world.desk.getStream()).toBeTypeOf('object')
    expect(world.desk.getStream()).toBe('removed')
    expect(world.desk.counts).toMatchObject({ got: 2, broken: 1 })
  })

  it.each([
    ['the one put last', (free: number) => free - 1],
    ['the one put first', () => 0],
    ['any', (free: number, roll: number) => Math.floor(roll * free)],
  ] as const)('may lend its streams in any order, here %s: each comes with its own memory', (_, choose) => {
    const world = new World({ managed: plain })
    const random = seededRandom(3)
    const blank = () => ({ src: new Uint8Array(pageSize), buffer: new Uint8Array(pageSize), compress: async () => 1 })
    const free = Array.from({ length: 5 }, blank)
    const lent = new Set<(typeof free)[number]>()
    let given: (typeof free)[number] | undefined
    world.device.getStream = () => {
      given = free.splice(choose(free.length, random()), 1)[0]
      if (!given) return 'exhausted'
      lent.add(given)
      return given
    }
    world.device.putStream = (stream) => {
      expect(lent.delete(stream as (typeof free)[number])).toBe(true)
      free.push(stream as (typeof free)[number])
    }
    const held: ManagedLease[] = []
    for (let i = 0; i < 500; i++) {
      if (held.length < 5 && (held.length === 0 || random() < 0.5)) {
        const lease = world.lend()
        expect(lease.src).toBe(given?.src)
        expect(lease.buffer).toBe(given?.buffer)
        held.push(lease)
      } else held.splice(Math.floor(random() * held.length), 1)[0]?.release()
    }
    for (const lease of held) lease.release()
    expect([lent.size, free.length, world.desk.counts.broken]).toEqual([0, 5, 0])
    expect(world.laws()).toEqual([])
  })

  it('contains a device whose putStream and commit throw', async () => {
    const world = new World({ managed: plain, script: () => ({ after: 1 }) })
    world.device.putStream = () => {
      throw new Error('no')
    }
    world.device.commit = () => {
      throw new Error('no')
    }
    expect(await world.writeAll(1)).toMatchObject([{ via: 'managed' }])
    expect(world.desk.counts.broken).toBe(2)
    expect(world.laws()).toEqual([])
  })
})

describeBoth('waiting for a stream', () => {
  it('F12 those who wait are served in order, each once', async () => {
    const world = new World({
      streams: 1,
      managed: { policy: waitUpTo(1000), deadlineMs: 5000 },
      script: () => ({ after: 10 }),
    })
    const order: number[] = []
    const writes = [0, 1, 2, 3].map((i) => world.write(randomPage(i)).finally(() => order.push(i)))
    const written = await world.settle(Promise.all(writes))
    expect(order).toEqual([0, 1, 2, 3])
    expect(written.map(({ via }) => via)).toEqual(Array(4).fill('managed'))
    expect(world.device.requests).toBe(4)
    expect(world.desk.counts.waits).toBeGreaterThanOrEqual(3)
    world.expectLawful()
  })

  it('F13 goes on by time where nothing completes, and ends in software', async () => {
    const world = new World({ managed: { policy: waitUpTo(20) } })
    world.device.refuse = 'exhausted'
    const write = world.write()
    const [written] = [await world.settle(write)]
    expect(written).toMatchObject({ via: 'software', reason: 'exhausted' })
    expect(written?.ms).toBeGreaterThanOrEqual(20)
    expect(written?.ms).toBeLessThanOrEqual(21)
    expect(world.runtime.pending).toBe(0)
    world.expectLawful()
  })

  it('F13 finds a stream that came free elsewhere, with nothing of its own in flight', async () => {
    const world = new World({ managed: { policy: waitUpTo(20) } })
    world.device.refuse = 'exhausted'
    const write = world.write()
    world.runtime.after(7, () => {
      world.device.refuse = undefined
    })
    const written = await world.settle(write)
    expect(written.via).toBe('managed')
    expect(written.ms).toBeLessThanOrEqual(8)
    world.expectLawful()
  })

  it('calls a pump that stopped, once for each time it was told to wait, and never from within its own call', async () => {
    const world = new World({ streams: 1, managed: { policy: waitUpTo(50) }, script: () => ({ after: 3 }) })
    const log: string[] = []
    const first = world.lend()
    const done = world.onDevice(first, randomPage(1))
    let inside = false
    const pump = (): void => {
      inside = true
      const got = world.desk.getStream()
      log.push(typeof got === 'string' ? got : 'stream')
      if (typeof got === 'object') got.release()
      inside = false
    }
    world.desk.onSpace = () => {
      expect(inside).toBe(false)
      pump()
    }
    pump()
    await world.settle(done)
    await world.runtime.advance(10)
    expect(log.at(-1)).toBe('stream')
    expect(new Set(log.slice(0, -1))).toEqual(new Set(['wait']))
    expect(log.length, 'about once a millisecond').toBeLessThanOrEqual(5)
    expect(world.desk.counts.waits).toBe(log.length - 1)
    expect(world.runtime.pending).toBe(0)
    world.expectLawful()
  })

  it('is bounded by the deadline even where a policy would wait for ever', async () => {
    const world = new World({ managed: { policy: waitUpTo(Number.POSITIVE_INFINITY), deadlineMs: 30 } })
    world.device.refuse = 'exhausted'
    const written = await world.settle(world.write())
    expect(written).toMatchObject({ via: 'software', reason: 'exhausted' })
    expect(written.ms).toBeLessThanOrEqual(31)
    world.expectLawful()
  })

  it('leaves pages alone that are not for a device', () => {
    const world = new World({ managed: { policy: assist() } })
    world.desk.refuse('sync', 3)
    expect(world.desk.counts.refused.sync).toBe(3)
    expect(world.desk.getStream()).toBe('policy')
    expect(world.device.calls.getStream).toBe(0)
    world.expectLawful()
  })
})
