/** How engines end: by leaving on their own, and by force only where they do not. */
import { Status } from '@zcomp/core'
import { describe, expect, test } from 'vitest'
import type { SimulatedFault } from '../src/conformance/script.js'
import { GuestRings } from '../src/rings/guest.js'
import { HostRings } from '../src/rings/host.js'
import { expectLaws, pageLength, type Stage, send, stage, streamsOf } from './support.js'

/** One fault at the nth request. */
const at =
  (nth: number, fault: SimulatedFault) =>
  (request: { nth: number }): SimulatedFault | undefined =>
    request.nth === nth ? fault : undefined

const forced = ({ time }: Stage): number[] => time.engines.flatMap(({ forced }, nth) => (forced ? [nth] : []))

/** Nothing runs, nobody was ended by force but those. */
function expectEnded(scene: Stage, byForce: readonly number[] = []): void {
  expect(forced(scene)).toEqual(byForce)
  expect(scene.time.engines.every(({ ended }) => ended)).toBe(true)
  expect(scene.pool.stats().health).toBe('idle')
  expectLaws(scene.pool)
}

describe('an engine that is well leaves by itself', () => {
  test('when the last setup ends, asleep or at work', async () => {
    for (const [pages, pause] of [
      [0, 100],
      [1, 0],
      [100, 0],
      [100, 0.1],
    ] as const) {
      const scene = stage({ engines: 2, depth: 8 })
      const { time, open, close, ready } = scene
      const setup = await open()
      await ready()
      const sent = Promise.all(Array.from({ length: pages }, (_, nth) => send(setup, nth)))
      streamsOf(setup).commit()
      await time.advance(pause)
      await close(setup)
      for (const answer of await sent) expect([pageLength, Status.fault]).toContain(answer)
      expectEnded(scene)
    }
  })

  test('when the last setup ends before it is ready for it', async () => {
    for (const pause of [1, 1.001, 1.01, 1.02]) {
      const scene = stage()
      const { time, open, close } = scene
      const setup = await open()
      expect(streamsOf(setup).getStream()).toBe('starting')
      await time.advance(pause)
      await close(setup)
      expectEnded(scene)
    }
  })

  test('when it is taken for hung and was only slow: it leaves after its page, and those behind it get a fault', async () => {
    const scene = stage({ hangMs: 50, graceMs: 40 }, { onRequest: at(0, { kind: 'slow', ms: 80 }) })
    const { time, pool, open, close, ready } = scene
    const setup = await open()
    await ready()
    const sent = [send(setup, 0), send(setup, 1)]
    streamsOf(setup).commit()
    for (let i = 0; pool.stats().counts.hangs === 0 && i < 200; i++) {
      await time.advance(1)
      for (let j = 0; j < 8; j++) streamsOf(setup).commit()
    }
    expect(await time.settle(Promise.all(sent))).toEqual([pageLength, Status.fault])
    expect(time.engines[0]!.served).toBe(1)
    expect(pool.stats().counts).toMatchObject({ hangs: 1, deaths: 0, orphaned: 1 })
    await close(setup)
    expectEnded(scene)
  })

  test('when a setup is too long in being made', async () => {
    const scene = stage(
      { startMs: 50, graceMs: 40, restarts: 0 },
      { load: () => new Promise<never>(() => {}) as never },
    )
    const { time, open, close } = scene
    const setup = await open()
    for (let i = 0; i < 80; i++) {
      streamsOf(setup).getStream()
      await time.advance(1)
    }
    expect(scene.pool.stats().engines[0]!.why).toBe('not ready for a setup after 50 ms')
    await close(setup)
    expectEnded(scene)
  })

  test('when it has lost a request, and its setup ends', async () => {
    const scene = stage({ graceMs: 20 }, { onRequest: at(1, { kind: 'swallow' }) })
    const { open, close, ready } = scene
    const setup = await open()
    await ready()
    const sent = Promise.all(Array.from({ length: 4 }, (_, nth) => send(setup, nth)))
    streamsOf(setup).commit()
    await close(setup)
    expect(await sent).toEqual([pageLength, Status.fault, pageLength, pageLength])
    expectEnded(scene)
  })

  test('when its rings are broken', async () => {
    const scene = stage({}, { onRequest: at(0, { kind: 'overrun' }) })
    const { time, open, close, ready } = scene
    const setup = await open()
    await ready()
    const answer = send(setup, 0)
    streamsOf(setup).commit()
    expect(await time.settle(answer)).toBe(Status.fault)
    await close(setup)
    expectEnded(scene)
  })
})

describe('an engine that has not begun', () => {
  test('is ended at once: no code of a backend can be at work in it', async () => {
    for (const pause of [0, 0.5, 0.9]) {
      const scene = stage()
      const { time, open, close } = scene
      const setup = await open()
      expect(streamsOf(setup).getStream()).toBe('starting')
      await time.advance(pause)
      const since = time.now()
      await close(setup)
      expect(time.now() - since).toBeLessThan(0.5)
      expect(time.engines[0]!.begun).toBe(false)
      expectEnded(scene, [0])
    }
  })

  test('never enters that code, however late it begins', () => {
    for (const late of [false, true]) {
      const host = new HostRings(4)
      const guest = new GuestRings(host.memory)
      if (!late) guest.begin()
      host.leave()
      expect(host.begun).toBe(!late)
      if (late) guest.begin()
      expect(guest.leaves).toBe(true)
    }
  })
})

describe('an engine that does not leave', () => {
  const graceMs = 20

  test('is ended by force after `graceMs`, once', async () => {
    const scene = stage({ hangMs: 50, graceMs }, { onRequest: at(0, { kind: 'hang' }), messageMs: 5 })
    const { time, pool, open, close, ready } = scene
    const setup = await open()
    await ready()
    const stuck = send(setup, 0)
    streamsOf(setup).commit()
    for (let i = 0; pool.stats().counts.hangs === 0 && i < 200; i++) {
      await time.advance(1)
      for (let j = 0; j < 8; j++) streamsOf(setup).commit()
    }
    const since = time.now()
    expect(forced(scene)).toEqual([])
    await time.advance(graceMs - 1)
    expect(forced(scene)).toEqual([])
    expect(await time.settle(stuck)).toBe(Status.fault)
    expect(time.now() - since).toBe(graceMs + 5)
    await close(setup)
    expectEnded(scene, [0])
  })

  test('keeps the pool from ending for a few times `graceMs` at the most, whether or not force ends it', async () => {
    // One until it is clear that it stands still, where it has requests; one to leave by itself, where it has begun; one for force.
    const hangs: [Partial<Parameters<typeof stage>[1]>, number][] = [
      [{ onStart: () => 'hangs' }, 1],
      [{ onRequest: () => ({ kind: 'hang' }) }, 3],
    ]
    for (const [faults, graces] of hangs) {
      for (const mortal of [true, false]) {
        const scene = stage({ graceMs }, { ...faults, mortal })
        const { time, pool, open, close } = scene
        const setup = await open()
        streamsOf(setup).getStream()
        await time.advance(10)
        const got = streamsOf(setup).getStream()
        if (typeof got !== 'string') void got.compress(4096)
        streamsOf(setup).commit()
        await time.advance(1)
        const since = time.now()
        await close(setup)
        expect(time.now() - since).toBeLessThanOrEqual(graces * graceMs + 1)
        expect(forced(scene)).toEqual([0])
        expect(pool.stats().health).toBe('idle')
        expect(time.pending).toBe(0)
        expectLaws(pool)
      }
    }
  })
})
