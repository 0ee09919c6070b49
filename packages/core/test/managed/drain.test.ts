/** The end of a desk, in bounded time and leaving nothing behind: F20, F28 to F31. */
import { expect, it } from 'vitest'
import { neverWait, Status, waitUpTo } from '../../src/index.js'
import { describeBoth, pageSize, randomPage, World } from './world.js'

const managed = { policy: neverWait(), deadlineMs: 100 }

describeBoth('a drain', () => {
  it('F20 takes back streams that are held, whose holders may release them all the same', async () => {
    const world = new World({ streams: 50, managed })
    const leases = Array.from({ length: 50 }, () => world.desk.getStream())
    await world.settle(world.desk.drain())
    expect(world.device.free).toBe(50)
    for (const lease of leases) {
      if (typeof lease === 'string') throw new Error(lease)
      expect(() => lease.compress(pageSize)).toThrow(/taken back, since its device is being closed/)
      lease.release()
    }
    expect(world.device.calls.putStream).toBe(50)
    expect(world.desk.getStream()).toBe('draining')
    world.expectLawful()
  })

  it('F29 waits for requests in flight', async () => {
    const world = new World({ streams: 128, managed, script: () => ({ after: 30 }) })
    const writes = Array.from({ length: 128 }, (_, i) => world.write(randomPage(i)))
    await world.settle(world.desk.drain())
    expect(world.runtime.now()).toBe(30)
    const written = await world.settle(Promise.all(writes))
    expect(written.every(({ via }) => via === 'managed')).toBe(true)
    world.device.ended = true
    world.desk.close()
    await world.runtime.advance(1000)
    world.expectLawful()
  })

  it('F29 rings for requests that nobody rang for', async () => {
    const world = new World({ managed })
    const write = world.write()
    await world.settle(world.desk.drain())
    expect(await write).toMatchObject({ via: 'managed', ms: 0 })
    world.expectLawful()
  })

  it('F30 turns those away who keep coming: software, and never an unfinished request', async () => {
    const world = new World({ streams: 8, managed, script: () => ({ after: 10 }) })
    const early = Array.from({ length: 4 }, (_, i) => world.write(randomPage(i)))
    const drained = world.desk.drain()
    const late = Array.from({ length: 4 }, (_, i) => world.write(randomPage(i)))
    await world.settle(drained)
    expect(await world.settle(Promise.all(early))).toMatchObject(Array(4).fill({ via: 'managed' }))
    expect(await world.settle(Promise.all(late))).toMatchObject(Array(4).fill({ reason: 'draining', ms: 0 }))
    world.expectLawful()
  })

  it('F30 wakes those who wait for a stream', async () => {
    const world = new World({
      streams: 1,
      managed: { policy: waitUpTo(90), deadlineMs: 100 },
      script: () => ({ after: 50 }),
    })
    const first = world.write(randomPage(1))
    const waiting = world.write(randomPage(2))
    await world.runtime.advance(5)
    const drained = world.desk.drain()
    const written = await world.settle(waiting)
    expect(written).toMatchObject({ reason: 'draining' })
    expect(written.ms, 'at once').toBe(5)
    await world.settle(drained)
    expect(await first).toMatchObject({ via: 'managed' })
    world.expectLawful()
  })

  it('F31 of a hung device ends by the deadline, with every page done', async () => {
    const world = new World({ streams: 16, managed, script: () => ({ how: 'never' }) })
    const writes = Array.from({ length: 16 }, (_, i) => world.write(randomPage(i)))
    await world.settle(world.desk.drain())
    expect(world.runtime.now()).toBeLessThanOrEqual(101)
    expect(await Promise.all(writes)).toMatchObject(Array(16).fill({ via: 'software', wrote: 201 }))
    world.expectLawful(16)
  })

  it('F31 is forced where the deadline is far', async () => {
    const world = new World({
      streams: 4,
      drainMs: 40,
      managed: { ...managed, deadlineMs: 10_000 },
      script: () => ({ how: 'never' }),
    })
    const writes = Array.from({ length: 4 }, (_, i) => world.write(randomPage(i)))
    await world.settle(world.desk.drain())
    expect(world.runtime.now()).toBe(40)
    expect(await Promise.all(writes)).toMatchObject(Array(4).fill({ via: 'software', wrote: 201 }))
    expect(world.desk.counts).toMatchObject({ forced: 4, redone: 4, deadline: 0 })
    expect(world.runtime.pending).toBe(0)
    world.expectLawful(4)
  })

  it('may be asked for twice, and where there is nothing to wait for', async () => {
    const world = new World({ managed })
    await Promise.all([world.desk.drain(), world.desk.drain()])
    expect(world.runtime.now()).toBe(0)
    world.expectLawful()
  })
})

describeBoth('after the end', () => {
  it('F31 answers of the setup that ends are taken, later ones are let lie', async () => {
    const world = new World({ streams: 2, managed, script: () => ({ how: 'never' }) })
    const writes = [world.write(randomPage(1)), world.write(randomPage(2))]
    await world.settle(world.desk.drain())
    await Promise.all(writes)
    world.desk.close()
    world.device.ended = true
    world.device.unstick(Status.fault)
    await world.runtime.advance(1)
    expect(world.desk.counts).toMatchObject({ late: 2, put: 0, stranded: 2 })
    expect(world.desk.quarantined).toBe(0)
    expect(world.laws()).toEqual([])
    expect(world.device.broken).toEqual([])
  })

  it('nothing reaches the device', async () => {
    const world = new World({ managed })
    world.desk.close()
    world.device.ended = true
    expect(world.desk.getStream()).toBe('draining')
    world.desk.commit()
    expect(world.device.calls).toEqual({ getStream: 0, putStream: 0, commit: 0 })
    world.expectLawful()
  })

  it('F28 a second desk on the same device works', async () => {
    const first = new World({ managed })
    await first.writeAll(4)
    await first.settle(first.desk.drain())
    first.desk.close()
    const second = new World({ managed })
    expect(await second.writeAll(4)).toMatchObject(Array(4).fill({ via: 'managed' }))
    second.expectLawful()
  })
})
