/** One request on a device that works: F01, F08, F40, F45. */
import { expect, it } from 'vitest'
import { neverWait, Status } from '../../src/index.js'
import { describeBoth, pageSize, World } from './world.js'

const plain = { policy: neverWait(), deadlineMs: 100 }

describeBoth('a device that works', () => {
  it('F01 takes every page once', async () => {
    const world = new World({ streams: 128, managed: plain })
    for (let i = 0; i < 8; i++) {
      const written = await world.writeAll(125)
      expect(written.every(({ via, wrote }) => via === 'managed' && wrote === 201)).toBe(true)
    }
    expect(world.desk.counts).toMatchObject({ asked: 1000, got: 1000, put: 1000, submitted: 1000, compressed: 1000 })
    expect(world.device.requests).toBe(1000)
    expect(world.redos + world.softwarePages).toBe(0)
    world.expectLawful()
  })

  it('F08 is waited for up to the deadline', async () => {
    const world = new World({ managed: plain, script: () => ({ after: 90 }) })
    expect(await world.writeAll(2)).toEqual(Array(2).fill({ via: 'managed', reason: undefined, wrote: 201, ms: 90 }))
    expect(world.desk.counts.deadline).toBe(0)
    world.expectLawful()
  })

  it('is not taken for late after a turn that was blocked past the deadline', async () => {
    const world = new World({ managed: plain, script: () => ({ after: 100 }) })
    const write = world.write()
    world.desk.commit()
    world.runtime.pass(300)
    expect(await world.settle(write)).toMatchObject({ via: 'managed' })
    expect(world.desk.counts).toMatchObject({ deadline: 0, compressed: 1 })
    world.expectLawful()
  })

  it('F40 declines pages that do not compress, which is no error and is not redone', async () => {
    const answers = [Status.declined, Status.noSpace]
    const world = new World({ managed: plain, script: (nth) => ({ answer: answers[nth % 2] }) })
    const written = await world.writeAll(4)
    expect(written.map(({ wrote }) => wrote)).toEqual(Array(4).fill(Status.declined))
    expect(world.desk.counts).toMatchObject({ declined: 4, fault: 0, redone: 0 })
    expect(world.desk.health).toBe('closed')
    expect(world.redos).toBe(0)
    world.expectLawful()
  })

  it('F40 may answer with exactly its capacity, and with one byte', async () => {
    const world = new World({
      managed: { ...plain, verify: 0 },
      script: (nth) => ({ answer: nth === 0 ? 2 * pageSize : 1 }),
    })
    for (const expected of [2 * pageSize, 1]) {
      const lease = world.lend()
      const done = lease.compress(pageSize)
      world.desk.commit()
      expect(await world.settle(done)).toBe(expected)
      lease.release()
    }
    world.expectLawful()
  })

  it('F45 needs no commit, and minds neither one too many nor one for nothing', async () => {
    const world = new World({ managed: plain })
    world.desk.commit()
    expect(world.device.calls.commit).toBe(0)
    const forgotten = world.write()
    expect(await world.settle(forgotten)).toMatchObject({ via: 'managed', ms: 0 })
    const twice = world.write()
    world.desk.commit()
    world.desk.commit()
    expect(await world.settle(twice)).toMatchObject({ via: 'managed' })
    world.expectLawful()
  })

  it('is rung for a request that was released before anybody rang', async () => {
    const world = new World({ managed: plain })
    const lease = world.lend()
    void lease.compress(pageSize)
    lease.release()
    await world.runtime.advance(1)
    expect(world.desk.counts).toMatchObject({ abandoned: 1, late: 1, put: 1 })
    world.expectLawful()
  })
})

describeBoth('misuse of a lease', () => {
  it('names what is wrong', () => {
    const world = new World({ managed: plain })
    const lease = world.lend()
    lease.release()
    expect(() => lease.compress(pageSize)).toThrow(/used after release, or twice/)
    world.expectLawful()
  })
})
