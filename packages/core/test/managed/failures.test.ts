/** One request on a device that fails or hangs: F06, F07, F09 to F11, F14, F35, F38, F39. */
import { expect, it } from 'vitest'
import { neverWait, Status } from '../../src/index.js'
import { describeBoth, pageSize, randomPage, World } from './world.js'

const plain = { policy: neverWait(), deadlineMs: 100 }

describeBoth('a device that fails', () => {
  it('F07 one page: that page is redone, its neighbours are not', async () => {
    const world = new World({ managed: plain, script: (nth) => (nth === 1 ? { answer: Status.fault } : {}) })
    const written = await world.writeAll(4)
    expect(written.map(({ via }) => via)).toEqual(['managed', 'software', 'managed', 'managed'])
    expect(world.desk.counts).toMatchObject({ fault: 1, redone: 1, failed: 0, compressed: 3 })
    world.expectLawful()
  })

  it.each(['throw', 'reject', 'not a promise', 'thenable twice'] as const)('F07 F14 by %s', async (how) => {
    const world = new World({ managed: plain, script: () => ({ how }) })
    const fails = how === 'throw' || how === 'reject'
    expect(await world.writeAll(3)).toMatchObject(Array(3).fill({ via: fails ? 'software' : 'managed', wrote: 201 }))
    expect(world.desk.counts).toMatchObject({ fault: fails ? 3 : 0, compressed: fails ? 0 : 3 })
    world.expectLawful()
  })

  it('F06 takes a request and has no room for it: redone, not failed', async () => {
    const world = new World({
      streams: 200,
      managed: { ...plain, breaker: 'none' },
      script: (nth) => (nth < 128 ? { after: 5 } : { how: 'throw' }),
    })
    const written = await world.writeAll(200)
    expect(written.filter(({ via }) => via === 'software')).toHaveLength(72)
    expect(world.desk.counts).toMatchObject({ fault: 72, redone: 72, failed: 0 })
    world.expectLawful()
  })

  it.each([
    ['F11 an unknown status', -7, 'status'],
    ['F11 corrupt, which is no answer to compress', Status.corrupt, 'status'],
    ['F11 not a number', Number.NaN, 'status'],
    ['F11 something else', 'yes', 'status'],
    ['F35 zero bytes', 0, 'length'],
    ['F35 more than there is room for', 2 * pageSize + 1, 'length'],
    ['F35 a fraction', 0.5, 'length'],
    ['F35 infinity', Number.POSITIVE_INFINITY, 'length'],
  ] as const)('%s: redone, and counted apart', async (_, answer, kind) => {
    const world = new World({ managed: plain, script: () => ({ answer }) })
    expect(await world.writeAll(2)).toMatchObject(Array(2).fill({ via: 'software', wrote: 201 }))
    expect(world.desk.counts.invalid).toEqual({ status: 0, length: 0, verify: 0, [kind]: 2 })
    expect(world.desk.counts).toMatchObject({ fault: 0, redone: 2 })
    world.expectLawful()
  })

  it('a lease released twice gives its buffer back once', async () => {
    const world = new World({ managed: plain, script: () => ({ answer: Status.fault }) })
    const redone = async () => {
      const lease = world.lend()
      await world.settle(lease.compress(pageSize))
      return lease
    }
    const first = await redone()
    first.release()
    first.release()
    const [a, b] = [await redone(), await redone()]
    expect(a.buffer === b.buffer).toBe(false)
    a.release()
    b.release()
    world.expectLawful()
  })

  it('and software fails too: the writer is told', async () => {
    const world = new World({ managed: plain, softwareFails: true, script: () => ({ answer: Status.fault }) })
    expect(await world.writeAll(1)).toMatchObject([{ wrote: Status.fault }])
    expect(world.desk.counts).toMatchObject({ redone: 0, failed: 1 })
    world.expectLawful()
  })

  it('F39 and there is no memory for a redo: the write fails, nothing else does', async () => {
    const world = new World({ managed: plain, script: () => ({ answer: Status.fault }) })
    const real = globalThis.Uint8Array
    const lease = world.lend()
    const done = lease.compress(pageSize)
    try {
      globalThis.Uint8Array = class {
        constructor() {
          throw new RangeError('Array buffer allocation failed')
        }
      } as unknown as typeof Uint8Array
      world.desk.commit()
      expect(await done).toBe(Status.fault)
    } finally {
      globalThis.Uint8Array = real
    }
    lease.release()
    expect(world.desk.counts).toMatchObject({ fault: 1, failed: 1 })
    world.expectLawful()
  })

  it('F35 a flipped bit is caught by verification, always at rate 1', async () => {
    const flip = (buffer: Uint8Array, length: number): void => {
      buffer[length >> 1] = (buffer[length >> 1] as number) ^ 1
    }
    const world = new World({
      managed: { ...plain, verify: 1, breaker: 'none' },
      script: (nth) => (nth % 2 ? { spoil: flip } : {}),
    })
    for (let i = 0; i < 10; i++) await world.writeAll(4)
    expect(world.desk.counts).toMatchObject({ verified: 20, compressed: 20, redone: 20, invalid: { verify: 20 } })
    world.expectLawful()
  })

  it('F35 and part of the time at a lower rate', async () => {
    const world = new World({ streams: 200, managed: { ...plain, verify: 0.25 } })
    await world.writeAll(200)
    expect(world.desk.counts.verified).toBeGreaterThan(25)
    expect(world.desk.counts.verified).toBeLessThan(75)
    world.expectLawful()
  })

  it('F35 a wrong length that might be right is caught by verification', async () => {
    const world = new World({ managed: { ...plain, verify: 1 }, script: () => ({ answer: 100 }) })
    expect(await world.writeAll(2)).toMatchObject(Array(2).fill({ via: 'software', wrote: 201 }))
    expect(world.desk.counts.invalid.verify).toBe(2)
    world.expectLawful()
  })
})

describeBoth('a device that hangs', () => {
  const managed = { ...plain, breaker: 'none' } as const

  it('F09 is waited for until the deadline, then software does it and the stream is set apart', async () => {
    const world = new World({ managed, script: () => ({ how: 'never' }) })
    const [written] = await world.writeAll(1)
    expect(written).toMatchObject({ via: 'software', wrote: 201 })
    expect(written?.ms).toBeLessThanOrEqual(102)
    expect(world.desk.counts).toMatchObject({ deadline: 1, redone: 1, late: 0 })
    expect(world.runtime.pending, 'nothing keeps the process alive').toBe(0)
    world.expectLawful(1)
  })

  it('F10 its late answer is dropped, and touches nobody else', async () => {
    const world = new World({ streams: 2, managed, script: (nth) => (nth === 0 ? { how: 'never' } : { after: 10 }) })
    await world.writeAll(1)
    const others = Promise.all([world.write(randomPage(5)), world.write(randomPage(6))])
    world.desk.commit()
    world.device.unstick(13)
    const [a, b] = await world.settle(others)
    expect(a).toMatchObject({ via: 'managed', wrote: 201 })
    expect(b).toMatchObject({ via: 'software', reason: 'exhausted' })
    expect(world.desk.counts).toMatchObject({ late: 1, deadline: 1 })
    world.expectLawful()
  })

  it('F10 a late device may write into its buffer: the redone page lies elsewhere', async () => {
    const world = new World({ managed, script: () => ({ how: 'never' }) })
    const lease = world.lend()
    const page = randomPage(3)
    lease.src.set(page)
    const wrote = await world.settle(lease.compress(pageSize))
    world.device.unstick(50)
    await world.runtime.advance(1)
    expect(lease.via).toBe('software')
    expect(lease.buffer.subarray(1, wrote)).toEqual(page.subarray(0, wrote - 1))
    lease.release()
    world.expectLawful()
  })

  it('F38 for a while: nobody waits longer than the deadline, and no more pages pile up than there are streams', async () => {
    const world = new World({ streams: 8, managed: { ...managed, deadlineMs: 10 }, script: () => ({ after: 50 }) })
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      const written = await world.writeAll(20)
      waits.push(...written.map(({ ms }) => ms))
      expect(world.desk.quarantined).toBeLessThanOrEqual(8)
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(12)
    await world.runtime.advance(100)
    expect(world.desk.counts.late).toBe(world.desk.counts.deadline)
    world.expectLawful()
  })

  it('a released request waits for nobody and goes back when the device is done', async () => {
    const world = new World({ streams: 1, managed, script: () => ({ after: 5 }) })
    const lease = world.lend()
    const done = lease.compress(pageSize)
    lease.release()
    expect(await done).toBe(Status.fault)
    expect(world.desk.getStream()).toBe('exhausted')
    await world.runtime.advance(5)
    expect(world.desk.counts).toMatchObject({ abandoned: 1, late: 1, redone: 0, failed: 0 })
    world.expectLawful()
  })
})
