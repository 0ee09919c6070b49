import { neverWait, Status, Zcomp, type ZcompSetup } from '@zcomp/core'
import { describe, expect, test } from 'vitest'
import { accelerate } from '../src/accelerate.js'
import type { SimulatedFault, SimulatedOptions } from '../src/conformance/script.js'
import type { AcceleratorOptions } from '../src/options.js'
import { runs } from './fixtures/runs.mjs'
import { expectLaws, page, pageLength, pageSize, send, stage, streamsOf, take } from './support.js'

/** One fault at the nth request. */
const at =
  (nth: number, fault: SimulatedFault) =>
  (request: { nth: number }): SimulatedFault | undefined =>
    request.nth === nth ? fault : undefined

describe('an engine that dies', () => {
  test('has its requests answered with a fault at once, and comes back', async () => {
    const { time, pool, open, close, ready } = stage({ depth: 8 }, { onRequest: at(3, { kind: 'die' }) })
    const setup = await open()
    await ready()
    const burst = Promise.all(Array.from({ length: 20 }, (_, nth) => send(setup, nth)))
    streamsOf(setup).commit()
    const answers = await time.settle(burst)
    // What it had answered before it ended is good; so are all that no engine had seen, but those have nobody to serve them now.
    expect(answers.slice(0, 3)).toEqual([pageLength, pageLength, pageLength])
    expect(answers.slice(3).every((answer) => answer === Status.fault)).toBe(true)
    expect(pool.stats()).toMatchObject({ health: 'degraded', held: 0, counts: { deaths: 1, answered: 3 } })
    expect(streamsOf(setup).getStream()).toBe('starting')
    await time.advance(200)
    expect(streamsOf(setup).getStream()).toBe('starting')
    await ready()
    const again = send(setup, 1)
    streamsOf(setup).commit()
    expect(await time.settle(again)).toBe(pageLength)
    expect(pool.stats().counts).toMatchObject({ starts: 2, deaths: 1 })
    await close(setup)
    expectLaws(pool)
  })

  test('leaves the others at work', async () => {
    const { time, pool, open, close, ready } = stage({ engines: 2, depth: 4 }, { onRequest: at(5, { kind: 'die' }) })
    const setup = await open()
    await ready()
    await time.advance(5)
    const burst = Promise.all(Array.from({ length: 60 }, (_, nth) => send(setup, nth)))
    streamsOf(setup).commit()
    const answers = await time.settle(burst)
    const lost = answers.filter((answer) => answer === Status.fault).length
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThanOrEqual(4)
    expect(answers.filter((answer) => answer === pageLength)).toHaveLength(60 - lost)
    expect(pool.stats().counts.orphaned).toBe(lost)
    expect(pool.stats().setups[0]!.state).toBe('open')
    await close(setup)
    expectLaws(pool)
  })

  test('too often stays away, and everything else goes on', async () => {
    const { time, pool, open, close } = stage({ restarts: 3 }, { onStart: () => 'ends' })
    const setup = await open()
    const seen = new Set<unknown>()
    for (let i = 0; i < 200; i++) {
      seen.add(streamsOf(setup).getStream())
      await time.advance(20)
    }
    expect([...seen]).toEqual(['starting', 'removed'])
    expect(time.engines).toHaveLength(4)
    expect(streamsOf(setup).streams).toBe(0)
    expect(pool.stats()).toMatchObject({
      health: 'removed',
      setups: [{ why: 'no engine: a planned failure to start' }],
    })
    expect(time.pending).toBe(0)
    await close(setup)
    expectLaws(pool)
  })

  test('is no worse than one that cannot be started, or never says that it is up', async () => {
    for (const fate of ['throws', 'hangs'] as const) {
      const { time, pool, open, close } = stage({ restarts: 2, startMs: 50 }, { onStart: () => fate })
      const setup = await open()
      let last: unknown
      for (let i = 0; i < 200; i++) {
        last = streamsOf(setup).getStream()
        await time.advance(10)
      }
      expect(last).toBe('removed')
      expect(pool.stats().counts.starts).toBe(3)
      await close(setup)
      expectLaws(pool)
    }
  })

  test('in a new life, the failures of the last one are forgotten', async () => {
    const { time, pool, open, close, ready } = stage({ restarts: 0 }, { onStart: (nth) => (nth === 0 ? 'ends' : 'up') })
    const first = await open()
    expect(streamsOf(first).getStream()).toBe('starting')
    await time.advance(10)
    expect(streamsOf(first).getStream()).toBe('removed')
    await close(first)
    const second = await open()
    expect(await ready()).toBe(true)
    await close(second)
    expectLaws(pool)
  })
})

/** Two setups on two engines, one of which is stuck with a page of the bad one. */
async function twoOfWhichOneHangs(
  options: Partial<AcceleratorOptions>,
  simulated: Partial<SimulatedOptions> = {},
  sendIt = send,
) {
  const all = stage(
    { engines: 2, graceMs: 20, ...options },
    { onRequest: ({ setup }) => (setup === 1 ? { kind: 'hang' } : undefined), ...simulated },
  )
  const [bad, good] = [await all.open(), await all.open()]
  await all.ready()
  await all.time.advance(10)
  const stuck = sendIt(bad, 0)
  streamsOf(bad).commit()
  await all.time.advance(5)
  return { ...all, bad, good, stuck }
}

/** Sends one page without a promise, and gives the stream back as soon as it is answered, as core does. */
function putInTheCall(setup: ZcompSetup, nth: number): Promise<number> {
  const streams = streamsOf(setup)
  const stream = take(streams)
  stream.src.set(page(nth))
  return new Promise((resolve) => {
    stream.submit!(pageSize, nth, (_ticket, answer) => {
      streams.putStream(stream)
      resolve(answer)
    })
  })
}

describe('an engine that hangs', () => {
  test('is ended and started anew, and no slot is used again before it has ended', async () => {
    const { time, pool, open, close, ready } = stage(
      { hangMs: 50, streams: 4 },
      { onRequest: at(0, { kind: 'hang' }), messageMs: 5 },
    )
    const setup = await open()
    await ready()
    const stuck = send(setup, 0)
    streamsOf(setup).commit()
    await time.advance(10)
    for (let i = 0; i < 3; i++) take(streamsOf(setup))
    let settled = false
    void stuck.then(() => {
      settled = true
    })
    for (let i = 0; pool.stats().counts.hangs === 0 && i < 100; i++) {
      expect(streamsOf(setup).getStream()).toBe('exhausted')
      await time.advance(1)
    }
    expect([settled, pool.stats().free]).toEqual([false, 0])
    expect(await time.settle(stuck)).toBe(Status.fault)
    await time.advance(200)
    streamsOf(setup).getStream()
    await ready()
    const next = send(setup, 1)
    streamsOf(setup).commit()
    expect(await time.settle(next)).toBe(pageLength)
    await close(setup)
    expectLaws(pool)
  })

  test('is not confused with one that had nothing to do', async () => {
    const { time, pool, open, close, ready } = stage({ hangMs: 50 })
    const setup = await open()
    await ready()
    await time.advance(100_000)
    for (let i = 0; i < 200; i++) {
      const answer = send(setup, i)
      streamsOf(setup).commit()
      expect(await time.settle(answer)).toBe(pageLength)
      await time.advance(40)
    }
    expect(pool.stats().counts.hangs).toBe(0)
    await close(setup)
  })

  test('does not keep a setup from ending, nor the others from going on', async () => {
    const { time, pool, close, bad, good, stuck } = await twoOfWhichOneHangs({})
    const since = time.now()
    const closing = close(bad)
    expect(streamsOf(bad).getStream()).toBe('draining')
    const fine = send(good, 1)
    streamsOf(good).commit()
    expect(await fine).toBe(pageLength)
    expect(await stuck).toBe(Status.fault)
    await closing
    expect(time.now() - since).toBeLessThan(6 * 20)
    expect(pool.stats()).toMatchObject({ held: 0, lost: 0 })
    await close(good)
    expectLaws(pool)
  })

  test.each([
    ['promise', send],
    ['call', putInTheCall],
  ] as const)('and cannot even be ended costs its slots, and nothing else, by %s', async (_, sendIt) => {
    const slots = { streams: 8, reserve: 0 }
    const immortal = { mortal: false }
    const { time, pool, open, ready, close, bad, good, stuck } = await twoOfWhichOneHangs(slots, immortal, sendIt)
    const since = time.now()
    await close(bad)
    expect(await stuck).toBe(Status.fault)
    expect(time.now() - since).toBeLessThan(10 * 20)
    expect(pool.stats()).toMatchObject({ held: 0, lost: 1, free: 7 })
    const fine = send(good, 1)
    streamsOf(good).commit()
    expect(await time.settle(fine)).toBe(pageLength)
    const { buffer } = take(streamsOf(good)).src
    await close(good)
    expect(pool.stats().health).toBe('idle')
    // It may still write there: the next life has memory of its own.
    const next = await open()
    await ready()
    expect(take(streamsOf(next)).src.buffer).not.toBe(buffer)
    await close(next)
    expectLaws(pool)
  })
})

describe('an engine that lies', () => {
  const cases: [string, SimulatedFault, object][] = [
    ['answers twice', { kind: 'again', afterMs: 0.001 }, { duplicate: 1 }],
    ['answers again when the slot has its next request', { kind: 'again', afterMs: 3 }, { late: 1 }],
    ['answers for a slot that is not', { kind: 'invent', slot: 4000, generation: 0 }, { unknown: 1 }],
    ['answers for a request that was not', { kind: 'invent', slot: 0, generation: 77 }, { unknown: 1 }],
  ]
  for (const [what, fault, counted] of cases) {
    test(`and ${what} harms nobody, and is counted`, async () => {
      const { time, pool, open, close, ready } = stage({ streams: 2, reserve: 0 }, { onRequest: at(0, fault) })
      const setup = await open()
      await ready()
      for (let i = 0; i < 40; i++) {
        const answer = send(setup, i)
        streamsOf(setup).commit()
        expect(await time.settle(answer)).toBe(pageLength)
        await time.advance(0.1)
      }
      expect(pool.stats().counts).toMatchObject({ answered: 40, ...counted })
      await close(setup)
      expectLaws(pool)
    })
  }

  test('and floods its ring is ended', async () => {
    const { time, pool, open, close, ready } = stage({}, { onRequest: at(0, { kind: 'overrun' }) })
    const setup = await open()
    await ready()
    const answer = send(setup, 0)
    streamsOf(setup).commit()
    expect(await time.settle(answer)).toBe(Status.fault)
    expect(pool.stats().engines[0]).toMatchObject({ state: 'dead', why: 'its rings are broken' })
    await close(setup)
    expectLaws(pool)
  })

  test('and swallows a request holds only that one, until its setup ends', async () => {
    const { time, pool, open, close, ready } = stage({ graceMs: 20 }, { onRequest: at(1, { kind: 'swallow' }) })
    const setup = await open()
    await ready()
    const burst = Array.from({ length: 10 }, (_, nth) => send(setup, nth))
    streamsOf(setup).commit()
    await time.advance(10)
    streamsOf(setup).commit()
    await time.advance(0)
    expect(pool.stats()).toMatchObject({ inFlight: 1, held: 1 })
    const closing = close(setup)
    expect(await Promise.all(burst)).toEqual([pageLength, Status.fault, ...new Array(8).fill(pageLength)])
    await closing
    expectLaws(pool)
  })

  test('and answers with nonsense is passed on as it is: core judges', async () => {
    const { time, open, close, ready } = stage({}, { onRequest: () => ({ kind: 'answer', answer: -4242 }) })
    const setup = await open()
    await ready()
    const answer = send(setup, 0)
    streamsOf(setup).commit()
    expect(await time.settle(answer)).toBe(-4242)
    await close(setup)
  })
})

describe('a setup that engines cannot make', () => {
  const cases: [string, () => ReturnType<typeof runs>, RegExp][] = [
    ['is refused there', () => runs({ refuse: true }), /level is not liked/],
    ['is of another format', () => runs({ format: 'other' }), /writes other, not runs/],
    ['is managed itself', () => runs({ managed: 'compress' }), /not the software form/],
    [
      'cannot be imported',
      () => {
        throw new Error('no such module')
      },
      /no such module/,
    ],
  ]
  for (const [what, load, why] of cases) {
    test(`since it ${what}, says removed and why, and software serves`, async () => {
      const { time, pool, open, close, ready } = stage({}, { load })
      const setup = await open()
      expect(await ready()).toBe(false)
      expect(streamsOf(setup).getStream()).toBe('removed')
      expect(streamsOf(setup).streams).toBe(0)
      expect(pool.stats().setups[0]!.why).toMatch(why)
      const ctx = setup.createCtx()
      ctx.input.set(page(1))
      expect(ctx.compress(0, pageSize)).toBe(pageLength)
      await time.settle(close(setup))
      expectLaws(pool)
    })
  }
})

describe('behind core', () => {
  test('no page is lost whatever engines do, and every law holds', async () => {
    let submitted = 0
    let faulty = 0
    for (let seed = 1; seed <= 12; seed++) {
      const faultAt = (roll: number): SimulatedFault | undefined => {
        if (roll < 0.004) return { kind: 'die' }
        if (roll < 0.008) return { kind: 'hang' }
        if (roll < 0.012) return { kind: 'swallow' }
        if (roll < 0.05) return { kind: 'again', afterMs: 0.5 }
        if (roll < 0.07) return { kind: 'answer', answer: -3 }
        if (roll < 0.09) return { kind: 'slow', ms: 300 }
        return undefined
      }
      const { time, pool } = stage(
        { engines: 1 + (seed % 2), hangMs: 100, graceMs: 20, streams: 24 },
        { onRequest: () => faultAt(time.random()) },
        seed,
      )
      const ops = accelerate(runs(), { accelerator: pool })
      const make = (): Promise<Zcomp> =>
        time.settle(
          Zcomp.create(
            ops,
            { pageSize },
            { runtime: time, managed: { policy: neverWait(), deadlineMs: 200, breaker: 'none' } },
          ),
        )
      const devices = [await make(), await make()]
      await time.settle(pool.ready())
      const write = async (device: Zcomp, nth: number): Promise<void> => {
        const out = new Uint8Array(2 * pageSize)
        const back = new Uint8Array(pageSize)
        for (let i = 0; i < 12; i++) {
          const wrote = await device.compressPage(page(nth * 12 + i), out)
          expect(wrote).toBe(pageLength)
          using stream = device.getStream()
          expect(stream.decompress(out.subarray(0, wrote), back)).toBe(pageSize)
          expect(Buffer.compare(back, page(nth * 12 + i))).toBe(0)
          await new Promise<void>((resolve) => void time.after(time.random() * 40, resolve))
        }
      }
      const writers = Array.from({ length: 16 }, (_, nth) => write(devices[nth % 2]!, nth))
      await time.settle(Promise.all(writers))
      expectLaws(pool)
      submitted += pool.stats().counts.submitted
      faulty += pool.stats().counts.orphaned
      await time.settle(Promise.all(devices.map((device) => device.close())))
      expect(pool.stats()).toMatchObject({ health: 'idle', held: 0 })
      expectLaws(pool)
    }
    expect(submitted).toBeGreaterThan(1000)
    expect(faulty).toBeGreaterThan(10)
  })
})
