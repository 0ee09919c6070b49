/** One request and what may become of it: F01 to F14, F35, F38 to F40, F45. */
import { describe, expect, it } from 'vitest'
import { assist, neverWait, Status, waitUpTo } from '../../src/index.js'
import { pageSize, randomPage, World } from './world.js'

const plain = { policy: neverWait(), deadlineMs: 100 }

describe('a device that works', () => {
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
      const lease = world.desk.getStream()
      if (typeof lease === 'string') throw new Error(lease)
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
    const lease = world.desk.getStream()
    if (typeof lease === 'string') throw new Error(lease)
    void lease.compress(pageSize)
    lease.release()
    await world.runtime.advance(1)
    expect(world.desk.counts).toMatchObject({ abandoned: 1, late: 1, put: 1 })
    world.expectLawful()
  })
})

describe('a device that has no stream', () => {
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
    const lease = world.desk.getStream()
    if (typeof lease === 'string') throw new Error(lease)
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
    const lease = world.desk.getStream()
    if (typeof lease === 'string') throw new Error(lease)
    const same = { src: lease.src, buffer: lease.buffer, compress: async () => 1 }
    world.device.getStream = () => same
    expect(world.desk.getStream()).toBeTypeOf('object')
    expect(world.desk.getStream()).toBe('removed')
    expect(world.desk.counts).toMatchObject({ got: 2, broken: 1 })
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

describe('a device that fails', () => {
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
      const lease = world.desk.getStream()
      if (typeof lease === 'string') throw new Error(lease)
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
    const lease = world.desk.getStream()
    if (typeof lease === 'string') throw new Error(lease)
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

describe('a device that hangs', () => {
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
    const lease = world.desk.getStream()
    if (typeof lease === 'string') throw new Error(lease)
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
    const lease = world.desk.getStream()
    if (typeof lease === 'string') throw new Error(lease)
    const done = lease.compress(pageSize)
    lease.release()
    expect(await done).toBe(Status.fault)
    expect(world.desk.getStream()).toBe('exhausted')
    await world.runtime.advance(5)
    expect(world.desk.counts).toMatchObject({ abandoned: 1, late: 1, redone: 0, failed: 0 })
    world.expectLawful()
  })
})

describe('waiting for a stream', () => {
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
    const first = world.desk.getStream()
    if (typeof first === 'string') throw new Error(first)
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

describe('misuse of a lease', () => {
  it('names what is wrong', () => {
    const world = new World({ managed: plain })
    const lease = world.desk.getStream()
    if (typeof lease === 'string') throw new Error(lease)
    lease.release()
    expect(() => lease.compress(pageSize)).toThrow(/used after release, or twice/)
    world.expectLawful()
  })
})
