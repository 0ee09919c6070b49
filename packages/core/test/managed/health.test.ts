/** The breaker, removal and return: F15 to F23. */
import { expect, it } from 'vitest'
import { type BreakerOptions, neverWait, Status } from '../../src/index.js'
import type { Plan } from './fake-device.js'
import { describeBoth, randomPage, World } from './world.js'

const breaker: BreakerOptions = { errors: 4, among: 16, goodProbes: 3, backoffMs: 100, mostBackoffMs: 800, jitter: 0 }
const managed = { policy: neverWait(), deadlineMs: 20, breaker }
const fault: Plan = { answer: Status.fault }

describeBoth('errors', () => {
  it('F21 open the breaker at the k-th among n, after which the device gets nothing', async () => {
    const world = new World({ managed, script: () => fault })
    for (let i = 0; i < 50; i++) await world.writeAll(1)
    expect(world.desk.health).toBe('open')
    expect(world.device.requests).toBe(4)
    expect(world.device.calls.getStream).toBe(4)
    expect(world.desk.counts.refused.open).toBe(46)
    expect(world.desk.counts.breaker).toMatchObject({ opened: 1, probes: 0 })
    world.expectLawful()
  })

  it('F21 fewer than k among n do not', async () => {
    const world = new World({ managed, script: (nth) => (nth % 16 < 3 ? fault : {}) })
    for (let i = 0; i < 200; i++) await world.writeAll(1)
    expect(world.desk.health).toBe('closed')
    expect(world.device.requests).toBe(200)
    world.expectLawful()
  })

  it.each([
    ['a wrong length', 0],
    ['an unknown status', -1],
  ])('F11 F35 %s counts as one', async (_, answer) => {
    const world = new World({ managed, script: () => ({ answer }) })
    for (let i = 0; i < 5; i++) await world.writeAll(1)
    expect(world.desk.health).toBe('open')
    world.expectLawful()
  })

  it('F35 so does a result that does not verify', async () => {
    const spoil = (buffer: Uint8Array): void => void buffer.fill(0)
    const world = new World({ managed: { ...managed, verify: 1 }, script: () => ({ spoil }) })
    for (let i = 0; i < 5; i++) await world.writeAll(1)
    expect(world.desk.health).toBe('open')
    world.expectLawful()
  })

  it('F40 a page that is declined never does', async () => {
    const world = new World({ managed, script: () => ({ answer: Status.declined }) })
    for (let i = 0; i < 50; i++) await world.writeAll(1)
    expect(world.desk.health).toBe('closed')
    world.expectLawful()
  })

  it('do nothing without a breaker', async () => {
    const world = new World({ managed: { ...managed, breaker: 'none' }, script: () => fault })
    for (let i = 0; i < 50; i++) await world.writeAll(1)
    expect(world.desk.health).toBe('closed')
    expect(world.device.requests).toBe(50)
    world.expectLawful()
  })
})

describeBoth('a hang', () => {
  it('F09 opens the breaker by itself', async () => {
    const world = new World({ managed, script: () => ({ how: 'never' }) })
    await world.writeAll(1)
    expect(world.desk.health).toBe('open')
    await world.writeAll(3)
    expect(world.device.requests).toBe(1)
    world.expectLawful(1)
  })

  it('F19 that never ends costs one stream for each probe, ever more rarely', async () => {
    const world = new World({ streams: 8, managed, script: () => ({ how: 'never' }) })
    const asked: number[] = []
    for (let t = 0; t < 5000; t += 10) {
      const before = world.device.requests
      await world.writeAll(1)
      if (world.device.requests > before) asked.push(world.runtime.now())
      await world.runtime.advance(10)
    }
    const gaps = asked.slice(1).map((at, i) => at - (asked[i] as number))
    expect(asked.length).toBeLessThanOrEqual(8)
    expect(gaps[1]).toBeGreaterThan((gaps[0] as number) * 1.5)
    expect(world.desk.counts.breaker.closed).toBe(0)
    expect(world.desk.health).toBe('open')
    world.expectLawful(world.device.requests)
  })
})

describeBoth('recovery', () => {
  async function opened(script = (nth: number): Plan => (nth < 4 ? fault : {})): Promise<World> {
    const world = new World({ streams: 32, managed, script })
    for (let i = 0; i < 4; i++) await world.writeAll(1)
    expect(world.desk.health).toBe('open')
    return world
  }

  it('F22 begins after the back-off, not before', async () => {
    const world = await opened()
    await world.runtime.advance(99)
    expect(await world.writeAll(1)).toMatchObject([{ reason: 'open' }])
    await world.runtime.advance(1)
    expect(await world.writeAll(1)).toMatchObject([{ via: 'managed' }])
    expect(world.desk.health).toBe('half-open')
    world.expectLawful()
  })

  it('F22 lets one probe out at a time, however many pages come, and closes after enough good ones', async () => {
    const world = await opened((nth) => (nth < 4 ? fault : { after: 5 }))
    await world.runtime.advance(100)
    for (let probe = 1; probe <= 3; probe++) {
      const written = await world.writeAll(20)
      expect(written.filter(({ via }) => via === 'managed')).toHaveLength(1)
      expect(written.filter(({ reason }) => reason === 'open')).toHaveLength(19)
    }
    expect(world.desk.health).toBe('closed')
    expect(world.desk.counts.breaker).toMatchObject({ opened: 1, halfOpened: 1, closed: 1, probes: 3, probesGood: 3 })
    expect((await world.writeAll(20)).filter(({ via }) => via === 'managed')).toHaveLength(20)
    world.expectLawful()
  })

  it('F22 a bad probe opens it again, for longer', async () => {
    const world = await opened(() => fault)
    const probes: number[] = []
    for (let t = 0; t < 4000; t += 5) {
      const before = world.device.requests
      await world.writeAll(1)
      if (world.device.requests > before) probes.push(world.runtime.now())
      await world.runtime.advance(5)
    }
    const gaps = probes.slice(1).map((at, i) => Math.round((at - (probes[i] as number)) / 100))
    expect(gaps).toEqual([2, 4, 8, 8, 8, 8])
    expect(world.desk.counts.breaker).toMatchObject({ probesBad: 7, halfOpened: 7, opened: 8, closed: 0 })
    world.expectLawful()
  })

  it('F22 a probe that tells nothing is followed by another, after a back-off', async () => {
    const world = await opened()
    await world.runtime.advance(100)
    const unused = world.lend()
    expect(world.desk.getStream()).toBe('open')
    unused.release()
    expect(world.desk.counts.breaker).toMatchObject({ probes: 1, probesVoid: 1 })
    expect(world.desk.getStream()).toBe('open')
    await world.runtime.advance(200)
    expect(await world.writeAll(1)).toMatchObject([{ via: 'managed' }])
    world.expectLawful()
  })

  it('a device that has no stream for a probe is asked again later, not for each page', async () => {
    const world = await opened()
    await world.runtime.advance(100)
    world.device.refuse = 'exhausted'
    const before = world.device.calls.getStream
    expect(await world.writeAll(10)).toMatchObject([{ reason: 'exhausted' }, ...Array(9).fill({ reason: 'open' })])
    expect(world.device.calls.getStream).toBe(before + 1)
    world.expectLawful()
  })

  it('jitter spreads the probes of many devices', async () => {
    const firstProbe = async (seed: number): Promise<number> => {
      const world = new World({
        seed,
        managed: { ...managed, breaker: { ...breaker, jitter: 0.5 } },
        script: () => fault,
      })
      for (let i = 0; i < 4; i++) await world.writeAll(1)
      const from = world.runtime.now()
      while (world.device.requests === 4) {
        await world.runtime.advance(1)
        await world.writeAll(1)
      }
      return world.runtime.now() - from
    }
    const times = []
    for (let seed = 1; seed <= 20; seed++) times.push(await firstProbe(seed))
    expect(Math.min(...times)).toBeGreaterThanOrEqual(50)
    expect(Math.max(...times)).toBeLessThanOrEqual(101)
    expect(new Set(times).size).toBeGreaterThan(8)
  })

  it('F23 a device that flaps gets fewer and fewer chances', async () => {
    const world = new World({ managed, script: (nth) => (Math.floor(nth / 10) % 2 ? fault : {}) })
    let software = 0
    for (let t = 0; t < 20_000; t += 8) {
      const [written] = await world.writeAll(1)
      if (written?.via === 'software') software++
      await world.runtime.advance(8)
    }
    const { opened: times } = world.desk.counts.breaker
    expect(times).toBeGreaterThan(3)
    expect(times, 'about one for each longest back-off').toBeLessThan(20_000 / 800 + 10)
    expect(software).toBeGreaterThan(0.9 * (20_000 / 8))
    expect(world.desk.counts.failed).toBe(0)
    world.expectLawful()
  })

  it('errors from before it closed do not count again', async () => {
    const world = await opened((nth) => (nth < 4 || nth >= 7 ? fault : {}))
    await world.runtime.advance(100)
    for (let i = 0; i < 3; i++) await world.writeAll(1)
    expect(world.desk.health).toBe('closed')
    for (let i = 0; i < 3; i++) await world.writeAll(1)
    expect(world.desk.health).toBe('closed')
    await world.writeAll(1)
    expect(world.desk.health).toBe('open')
    world.expectLawful()
  })

  it('a device that works for long enough is forgiven', async () => {
    let bad = true
    const world = await opened(() => (bad ? fault : {}))
    const recover = async (): Promise<number> => {
      const from = world.runtime.now()
      while (world.desk.health !== 'closed') {
        await world.runtime.advance(10)
        await world.writeAll(1)
      }
      return world.runtime.now() - from
    }
    await world.runtime.advance(100)
    await world.writeAll(1)
    bad = false
    expect(await recover()).toBeGreaterThan(150)
    for (let i = 0; i < 16; i++) await world.writeAll(1)
    bad = true
    for (let i = 0; i < 4; i++) await world.writeAll(1)
    bad = false
    expect(await recover()).toBeLessThan(130)
    world.expectLawful()
  })
})

describeBoth('removal', () => {
  it('F15 while idle: software, and the device is not touched again until it may be back', async () => {
    const world = new World({ managed })
    world.device.refuse = 'removed'
    const written = await world.writeAll(100)
    expect(written.every(({ reason }) => reason === 'removed')).toBe(true)
    expect(world.device.calls).toEqual({ getStream: 1, putStream: 0, commit: 0 })
    expect(world.desk.health).toBe('removed')
    world.expectLawful()
  })

  it('F16 with a full queue: every page is finished once', async () => {
    const world = new World({ streams: 128, managed, script: () => ({ how: 'never' }) })
    const writes = Array.from({ length: 128 }, (_, i) => world.write(randomPage(i)))
    world.desk.commit()
    await world.runtime.advance(1)
    world.device.refuse = 'removed'
    world.device.unstick(Status.fault)
    const written = await world.settle(Promise.all(writes))
    expect(written.every(({ via, wrote }) => via === 'software' && wrote === 201)).toBe(true)
    expect(world.desk.counts).toMatchObject({ fault: 128, redone: 128, failed: 0 })
    world.expectLawful()
  })

  it('F16 with a full queue that is never answered: within the deadline', async () => {
    const world = new World({ streams: 128, managed, script: () => ({ how: 'never' }) })
    const written = await world.writeAll(128)
    expect(Math.max(...written.map(({ ms }) => ms))).toBeLessThanOrEqual(22)
    expect(world.desk.counts).toMatchObject({ deadline: 128, redone: 128 })
    world.expectLawful(128)
  })

  it('F17 and return: half open, then closed, then in full use', async () => {
    const world = new World({ streams: 8, managed })
    world.device.refuse = 'removed'
    await world.writeAll(1)
    world.device.refuse = undefined
    expect(await world.writeAll(1)).toMatchObject([{ reason: 'removed' }])
    await world.runtime.advance(100)
    await world.writeAll(1)
    expect(world.desk.health).toBe('half-open')
    await world.writeAll(1)
    await world.writeAll(1)
    expect(world.desk.health).toBe('closed')
    expect((await world.writeAll(8)).every(({ via }) => via === 'managed')).toBe(true)
    expect(world.desk.counts.breaker).toMatchObject({ removed: 1, halfOpened: 1, closed: 1, opened: 0 })
    world.expectLawful()
  })

  it('F17 a device that stays away is asked ever more rarely', async () => {
    const world = new World({ managed })
    world.device.refuse = 'removed'
    for (let t = 0; t < 5000; t += 5) {
      await world.writeAll(1)
      await world.runtime.advance(5)
    }
    expect(world.device.calls.getStream).toBeLessThanOrEqual(10)
    expect(world.desk.counts.breaker.removed).toBe(1)
    world.expectLawful()
  })
})

describeBoth('a reset', () => {
  it('F18 in flight: each page has its own result or is redone', async () => {
    const world = new World({
      streams: 64,
      managed: { ...managed, breaker: 'none' },
      script: (nth) => (nth % 3 ? { after: 2 } : { how: 'never' }),
    })
    const writes = Array.from({ length: 64 }, (_, i) => world.write(randomPage(i)))
    world.desk.commit()
    await world.runtime.advance(3)
    world.device.unstick(Status.fault)
    const written = await world.settle(Promise.all(writes))
    written.forEach(({ via }, i) => {
      expect(via).toBe(i % 3 ? 'managed' : 'software')
    })
    world.expectLawful()
  })
})
