/** What each policy does with a page. */
import { describe, expect, it } from 'vitest'
import {
  assist,
  asyncOnly,
  busyHysteresis,
  type DeskView,
  defaultPolicy,
  governed,
  leastExpectedDelay,
  type ManagedPolicy,
  minimumBatch,
  neverWait,
  queueThreshold,
  quota,
  Status,
  strict,
  waitUpTo,
} from '../../src/index.js'
import { World } from './world.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function start(policy: ManagedPolicy) {
  const clock = { ms: 0 }
  const view: Mutable<DeskView> = {
    pageSize: 4096,
    streams: 128,
    inFlight: 0,
    managedMs: 0,
    softwareMs: 0,
    now: () => clock.ms,
  }
  return { clock, view, run: policy.start(view) }
}

const busy = () => ({ after: 10 })

describe('policies', () => {
  it.each([neverWait(), asyncOnly()])('$name: managed whenever there is a stream, at once', async (policy) => {
    const world = new World({ streams: 2, managed: { policy }, script: busy })
    const written = await world.writeAll(3)
    expect(written.map(({ via }) => via)).toEqual(['managed', 'managed', 'software'])
    expect(written[2]).toMatchObject({ reason: 'exhausted', ms: 0 })
    world.expectLawful()
  })

  it('waitUpTo: waits so long, then software', async () => {
    const world = new World({ streams: 2, managed: { policy: waitUpTo(5) }, script: busy })
    const written = await world.writeAll(4)
    expect(written.slice(2)).toMatchObject(Array(2).fill({ via: 'software', reason: 'exhausted' }))
    for (const { ms } of written.slice(2)) expect(ms).toBeGreaterThanOrEqual(5)
    for (const { ms } of written.slice(2)) expect(ms).toBeLessThanOrEqual(6)
    const patient = new World({ streams: 2, managed: { policy: waitUpTo(50) }, script: busy })
    expect((await patient.writeAll(4)).every(({ via }) => via === 'managed')).toBe(true)
    patient.expectLawful()
    world.expectLawful()
  })

  it('waitUpTo does not wait for what does not pass', () => {
    const { run } = start(waitUpTo(5))
    expect(['exhausted', 'starting', 'quota'].map((reason) => run.refused(reason as 'quota', 4))).toEqual(
      Array(3).fill('wait'),
    )
    expect(run.refused('exhausted', 5)).toBe('exhausted')
    for (const reason of ['removed', 'draining', 'open', 'policy', 'assist'] as const)
      expect(run.refused(reason, 0)).toBe(reason)
  })

  it('queueThreshold: software beyond so many in flight', async () => {
    const world = new World({ streams: 8, managed: { policy: queueThreshold(3) }, script: busy })
    const written = await world.writeAll(8)
    expect(written.filter(({ via }) => via === 'managed')).toHaveLength(3)
    expect(world.desk.counts.refused.policy).toBe(5)
    world.expectLawful()
  })

  it('quota: leaves the rest of the pool to others', async () => {
    const world = new World({ streams: 8, managed: { policy: quota(5) }, script: busy })
    await world.writeAll(8)
    expect(world.desk.counts.refused.quota).toBe(3)
    const waiting = new World({ streams: 8, managed: { policy: waitUpTo(50, quota(5)) }, script: busy })
    expect((await waiting.writeAll(8)).every(({ via }) => via === 'managed')).toBe(true)
    waiting.expectLawful()
    world.expectLawful()
  })

  it('minimumBatch: an idle device is not woken for less', () => {
    const { run, view } = start(minimumBatch(8))
    expect([6, 7, 100].map((backlog) => run.admit(backlog))).toEqual(['policy', 'go', 'go'])
    view.inFlight = 1
    expect(run.admit(0)).toBe('go')
  })

  it('busyHysteresis: after a refusal, software until a full queue has been worked off', () => {
    const { run, view } = start(busyHysteresis())
    view.inFlight = 4
    expect(run.admit(0)).toBe('go')
    expect(run.refused('exhausted', 0)).toBe('exhausted')
    for (let left = 4; left > 1; left--) {
      run.answered()
      expect(run.admit(0)).toBe('policy')
    }
    run.answered()
    expect(run.admit(0)).toBe('go')
    run.refused('exhausted', 0)
    view.inFlight = 0
    expect(run.admit(0), 'nothing is left that could end').toBe('go')
  })

  it('leastExpectedDelay: whoever is done first', () => {
    const { run, view } = start(leastExpectedDelay())
    expect(run.admit(9), 'nothing is known of the device').toBe('go')
    view.managedMs = 0.004
    expect(run.admit(9), 'nothing is known of software').toBe('policy')
    view.softwareMs = 0.004
    view.inFlight = 9
    expect(run.admit(9)).toBe('go')
    expect(run.admit(8)).toBe('policy')
    view.managedMs = 0.04
    view.inFlight = 0
    expect([8, 9].map((backlog) => run.admit(backlog))).toEqual(['policy', 'go'])
  })

  it('leastExpectedDelay: a slow device is tried again', () => {
    const { run, view } = start(leastExpectedDelay({ decay: 0.1 }))
    Object.assign(view, { managedMs: 1, softwareMs: 0.01 })
    let tries = 1
    while (run.admit(0) !== 'go') tries++
    expect(tries).toBe(Math.ceil(Math.log(0.01) / Math.log(0.9)) + 1)
    run.answered()
    expect(run.admit(0)).toBe('policy')
  })

  it('leastExpectedDelay learns from what happens on a desk', async () => {
    const world = new World({ streams: 8, managed: { policy: leastExpectedDelay() }, script: () => ({ after: 4 }) })
    for (let i = 0; i < 40; i++) {
      const write = world.write(undefined, 3)
      world.runtime.pass(1)
      await world.runtime.advance(0)
      void write
    }
    await world.runtime.advance(50)
    expect(world.desk.managedMs).toBeGreaterThan(0)
    expect(world.desk.softwareMs).toBeCloseTo(1, 5)
    expect(world.desk.counts.refused.policy).toBeGreaterThan(0)
    world.expectLawful()
  })

  it('assist: an idle device is woken only for more than one request of 128 KiB', async () => {
    const world = new World({ streams: 128, managed: { policy: assist() }, script: busy })
    const small = Array.from({ length: 32 }, (_, i) => world.write(undefined, 31 - i))
    expect((await world.settle(Promise.all(small))).every(({ reason }) => reason === 'policy')).toBe(true)
    await world.runtime.advance(10)
    const large = Array.from({ length: 96 }, (_, i) => world.write(undefined, 95 - i))
    world.desk.commit()
    const written = await world.settle(Promise.all(large))
    expect(written.filter(({ via }) => via === 'managed')).toHaveLength(16)
    expect(world.desk.counts.refused.assist).toBe(80)
    world.expectLawful()
  })

  it('assist: requests that follow each other closely are one run of pages', () => {
    const { run, clock, view } = start(assist())
    const request = (): string[] => Array.from({ length: 32 }, (_, i) => run.admit(31 - i))
    expect(new Set(request())).toEqual(new Set(['policy']))
    clock.ms += 0.1
    expect(run.admit(31)).toBe('go')
    view.inFlight = 1
    expect(run.admit(0)).toBe('assist')
    clock.ms += 10
    expect(run.admit(31), 'the device is at work').toBe('go')
    view.inFlight = 0
    expect(run.admit(0)).toBe('go')
    run.answered()
    clock.ms += 10
    expect(new Set(request()), 'after a pause').toEqual(new Set(['policy']))
  })

  it('assist: larger pages count as more', () => {
    const { run, view } = start(assist())
    expect(run.admit(30)).toBe('policy')
    const large = { ...view, pageSize: 65536 }
    const other = assist().start(large)
    expect([other.admit(0), other.admit(0), other.admit(0)]).toEqual(['policy', 'policy', 'go'])
  })

  it('assist: near the end of a run the device holds no more than wait here', () => {
    const { run, view } = start(assist({ wakeBacklog: 0 }))
    view.inFlight = 10
    expect([11, 10, 9, 0].map((backlog) => run.admit(backlog))).toEqual(['go', 'assist', 'assist', 'assist'])
    view.inFlight = 1
    expect(run.admit(0)).toBe('assist')
    expect(run.admit(2)).toBe('go')
    view.inFlight = 16
    expect(run.admit(1000)).toBe('assist')
  })

  it('assist: the device holds half as many while no more than one request waits', () => {
    const { run, view } = start(assist())
    view.inFlight = 7
    expect(run.admit(32)).toBe('go')
    view.inFlight = 8
    expect([32, 33].map((backlog) => run.admit(backlog))).toEqual(['assist', 'go'])
    view.inFlight = 16
    expect(run.admit(33)).toBe('assist')
  })

  it('strict: managed or an error, with no software anywhere', async () => {
    const failing = new World({
      managed: { policy: strict(), deadlineMs: 20 },
      script: (nth) => (nth === 0 ? { answer: Status.fault } : {}),
    })
    expect(failing.desk.strict).toBe(true)
    expect((await failing.writeAll(2)).map(({ wrote }) => wrote)).toEqual([Status.fault, 201])
    failing.device.refuse = 'exhausted'
    const [refused] = await failing.writeAll(1)
    expect(refused).toMatchObject({ wrote: Status.fault, reason: 'exhausted' })
    expect(refused?.ms).toBeGreaterThanOrEqual(20)
    expect(failing.redos + failing.softwarePages).toBe(0)
    expect(failing.desk.counts).toMatchObject({ fault: 1, failed: 1, redone: 0 })
    failing.expectLawful()
    const patient = new World({ streams: 1, managed: { policy: strict() }, script: busy })
    expect((await patient.writeAll(4)).every(({ via, wrote }) => via === 'managed' && wrote > 0)).toBe(true)
    patient.expectLawful()
  })

  it('one policy object serves many desks, which do not disturb each other', () => {
    const policy = busyHysteresis()
    const [a, b] = [start(policy), start(policy)]
    a.view.inFlight = b.view.inFlight = 2
    a.run.refused('exhausted', 0)
    expect([a.run.admit(0), b.run.admit(0)]).toEqual(['policy', 'go'])
  })

  it.each([
    [() => waitUpTo(Number.NaN), /waitUpTo: ms: expected a number from 0 up, not NaN/],
    [() => queueThreshold(-1), /queueThreshold: n/],
    [() => quota('3' as unknown as number), /quota: n/],
    [() => minimumBatch(0), /minimumBatch: n: expected a number from 1 up, not 0/],
    [() => assist({ inFlight: -1 }), /assist: inFlight/],
    [() => governed(neverWait(), { windowMs: Number.NaN }), /governed: windowMs/],
    [() => leastExpectedDelay({ decay: -1 }), /leastExpectedDelay: decay/],
  ])('%s names what is wrong', (make, message) => {
    expect(make).toThrow(message)
  })

  it('the default has a name that says what it is', () => {
    expect(defaultPolicy.name).toBe('governed assist')
    expect(defaultPolicy.fallback).toBe('software')
  })
})

describe("compat: 'poc'", () => {
  it('software takes pages for which there is no stream', async () => {
    const world = new World({ streams: 2, managed: { compat: 'poc' }, script: busy })
    expect((await world.writeAll(3)).map(({ via }) => via)).toEqual(['managed', 'managed', 'software'])
    world.expectLawful()
  })

  it.each([Status.fault, -22, 0])('an answer of %d fails the write, for nothing is redone', async (answer) => {
    const world = new World({ managed: { compat: 'poc' }, script: () => ({ answer }) })
    expect(await world.writeAll(1)).toMatchObject([{ wrote: Status.fault }])
    expect(world.desk.counts).toMatchObject({ failed: 1, redone: 0 })
    expect(world.redos).toBe(0)
    world.expectLawful()
  })

  it('errors never open a breaker', async () => {
    const world = new World({ managed: { compat: 'poc' }, script: () => ({ answer: Status.fault }) })
    for (let i = 0; i < 50; i++) await world.writeAll(1)
    expect(world.device.requests).toBe(50)
    world.expectLawful()
  })

  it('a device that hangs is waited for, until the drain is forced', async () => {
    const world = new World({ managed: { compat: 'poc' }, drainMs: 60, script: () => ({ how: 'never' }) })
    const write = world.write()
    await world.runtime.advance(100_000)
    expect(world.desk.inFlight).toBe(1)
    expect(world.runtime.pending, 'the process stays alive').toBe(1)
    await world.settle(world.desk.drain())
    expect(await write).toMatchObject({ wrote: Status.fault })
    expect(world.desk.counts).toMatchObject({ forced: 1, failed: 1, deadline: 0 })
    world.expectLawful(1)
  })
})
