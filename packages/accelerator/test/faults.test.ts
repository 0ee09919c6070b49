import { neverWait, Status, Zcomp, type ZcompOps } from '@zcomp/core'
import { describe, expect, test } from 'vitest'
import { accelerate } from '../src/accelerate.js'
import { FaultControl, faults } from '../src/faults/faults.js'
import type { FaultPlan, FaultStep } from '../src/faults/plan.js'
import { runs } from './fixtures/runs.mjs'
import {
  expectLaws,
  page,
  pageLength,
  pageSize,
  type Stage,
  send,
  sendByCall,
  stage,
  streamsOf,
  take,
} from './support.js'

function faulty(
  plan: FaultPlan,
  control = new FaultControl(),
  seed = 1,
): Stage & { ops: ZcompOps; control: FaultControl } {
  const inner = stage({}, {}, seed)
  const ops = faults(accelerate(runs(), { accelerator: inner.pool }), plan, { runtime: inner.time, control })
  return {
    ...inner,
    ops,
    control,
    async open() {
      const setup = await ops.setupParams({ pageSize })
      if ('refused' in setup) throw new Error(setup.why)
      streamsOf(setup).getStream()
      return setup
    },
  }
}

const on = (nth: number, fault: FaultStep['fault']): FaultPlan => [{ on: 'compress', nth, fault }]

describe('a planned fault', () => {
  const answers: [string, FaultStep['fault'], unknown][] = [
    ['fail', { kind: 'fail' }, Status.fault],
    ['fail with a number of choice', { kind: 'fail', answer: -77 }, -77],
    ['length', { kind: 'length', length: 99_999 }, 99_999],
    ['duplicate', { kind: 'duplicate' }, pageLength],
  ]
  for (const [what, fault, expected] of answers) {
    test(`${what}: hits the request that it is meant for, and no other`, async () => {
      const { time, open, ready, close, control } = faulty(on(1, fault))
      const setup = await open()
      await ready()
      const got: unknown[] = []
      for (let i = 0; i < 3; i++) {
        const answer = send(setup, i).catch((error: Error) => error.message)
        streamsOf(setup).commit()
        got.push(await time.settle(answer))
      }
      expect(got).toEqual([pageLength, expected === 99_999 ? got[1] : expected, pageLength])
      expect(control.injected[fault.kind]).toBe(1)
      await close(setup)
    })
  }

  const calls: [FaultStep['fault'], number[]][] = [
    [{ kind: 'fail' }, [Status.fault]],
    [{ kind: 'reject' }, [Status.fault]],
    [{ kind: 'duplicate' }, [pageLength, pageLength]],
    [{ kind: 'length', length: 99_999 }, [99_999]],
  ]
  for (const [fault, wanted] of calls) {
    test(`${fault.kind} hits an answer by call too`, async () => {
      const { time, open, ready, close } = faulty(on(1, fault))
      const setup = await open()
      await ready()
      const sent = [0, 1, 2].map((nth) => sendByCall(setup, nth))
      streamsOf(setup).commit()
      await time.advance(10)
      expect(sent.map(({ answers }) => answers)).toEqual([[pageLength], wanted, [pageLength]])
      for (const { stream } of sent) streamsOf(setup).putStream(stream)
      await close(setup)
    })
  }

  test('throw and reject are what they say', async () => {
    const { time, open, ready, close } = faulty([
      { on: 'compress', nth: 0, fault: { kind: 'throw' } },
      { on: 'compress', nth: 1, fault: { kind: 'reject' } },
    ])
    const setup = await open()
    await ready()
    const stream = take(streamsOf(setup))
    expect(() => stream.compress(pageSize)).toThrow('a planned throw')
    const rejected = stream.compress(pageSize).catch((error: Error) => error.message)
    streamsOf(setup).commit()
    expect(await time.settle(rejected)).toBe('a planned rejection')
    streamsOf(setup).putStream(stream)
    await close(setup)
  })

  test('duplicate settles a thenable twice', async () => {
    const { time, open, ready, close } = faulty(on(0, { kind: 'duplicate' }))
    const setup = await open()
    await ready()
    const stream = take(streamsOf(setup))
    const got: number[] = []
    void stream.compress(pageSize).then((wrote) => void got.push(wrote))
    streamsOf(setup).commit()
    await time.advance(10)
    expect(got).toHaveLength(2)
    streamsOf(setup).putStream(stream)
    await close(setup)
  })

  test('delay answers later, hang when the setup ends, refuse at the question', async () => {
    const { time, open, ready, close, pool } = faulty([
      { on: 'compress', nth: 0, fault: { kind: 'delay', ms: 50 } },
      { on: 'compress', nth: 1, fault: { kind: 'hang' } },
      { on: 'getStream', nth: 3, fault: { kind: 'refuse', reason: 'draining' } },
    ])
    const setup = await open()
    await ready()
    const since = time.now()
    const late = send(setup, 0)
    const hung = send(setup, 1)
    expect(streamsOf(setup).getStream()).toBe('draining')
    streamsOf(setup).commit()
    expect(await time.settle(late)).toBe(pageLength)
    expect(time.now() - since).toBeGreaterThanOrEqual(50)
    let settled = false
    void hung.then(() => {
      settled = true
    })
    await time.advance(10_000)
    expect(settled).toBe(false)
    await close(setup)
    expect(await hung).toBe(Status.fault)
    expect(pool.stats().counts.reclaimed).toBe(0)
    expectLaws(pool)
  })

  test('corrupt leaves the length and changes the bytes', async () => {
    const { time, open, ready, close } = faulty(on(0, { kind: 'corrupt', bits: 3 }))
    const setup = await open()
    await ready()
    const stream = take(streamsOf(setup))
    stream.src.set(page(1))
    const answer = stream.compress(pageSize)
    streamsOf(setup).commit()
    const wrote = await time.settle(answer)
    expect(wrote).toBe(pageLength)
    const ctx = setup.createCtx()
    ctx.input.set(page(1))
    expect(ctx.compress(0, pageSize)).toBe(pageLength)
    const different = ctx.buffer.subarray(0, wrote).filter((byte, i) => byte !== stream.buffer[i])
    expect(different).toHaveLength(3)
    streamsOf(setup).putStream(stream)
    await close(setup)
  })

  test('die takes what is in flight with it, says removed, and returns', async () => {
    const { time, open, ready, close } = faulty(on(5, { kind: 'die', forMs: 100 }))
    const setup = await open()
    await ready()
    const burst = Promise.all(Array.from({ length: 10 }, (_, nth) => send(setup, nth).catch(() => 'no stream')))
    streamsOf(setup).commit()
    const got = await time.settle(burst)
    expect(got.slice(0, 6)).toEqual(new Array(6).fill(Status.fault))
    expect(got.slice(6)).toEqual(new Array(4).fill('no stream'))
    expect(streamsOf(setup).getStream()).toBe('removed')
    await time.advance(101)
    const again = send(setup, 1)
    streamsOf(setup).commit()
    expect(await time.settle(again)).toBe(pageLength)
    await close(setup)
  })

  test('reset loses what is in flight, or completes it, as planned', async () => {
    for (const inFlight of ['lose', 'complete'] as const) {
      const { time, open, ready, close, control } = faulty([])
      const setup = await open()
      await ready()
      const since = time.now()
      const burst = Promise.all(Array.from({ length: 20 }, (_, nth) => send(setup, nth)))
      streamsOf(setup).commit()
      control.reset(inFlight, 80)
      expect(streamsOf(setup).getStream()).toBe('starting')
      const expected = inFlight === 'lose' ? Status.fault : pageLength
      expect(await time.settle(burst)).toEqual(new Array(20).fill(expected))
      expect(time.now() - since).toBeGreaterThanOrEqual(80)
      expect(typeof streamsOf(setup).getStream()).toBe('object')
      await close(setup)
    }
  })
})

describe('faults by chance', () => {
  const rates = { fail: 0.05, throw: 0.02, reject: 0.02, hang: 0.02, delay: 0.1, late: 0.02, length: 0.03 }
  const others = { corrupt: 0.03, duplicate: 0.05, die: 0.005, reset: 0.005, refuse: 0.05 }

  async function play(seed: number): Promise<{ trace: string; injected: number }> {
    const plan = { seed, rates: { ...rates, ...others } }
    const { time, ops, pool, control } = faulty(plan, new FaultControl(), seed)
    const managed = { policy: neverWait(), deadlineMs: 500, verify: 1, breaker: 'none' } as const
    const zcomp = await time.settle(Zcomp.create(ops, { pageSize }, { runtime: time, managed }))
    await time.settle(pool.ready())
    const trace: unknown[] = []
    const write = async (nth: number): Promise<void> => {
      const out = new Uint8Array(2 * pageSize)
      const back = new Uint8Array(pageSize)
      for (let i = 0; i < 20; i++) {
        const wrote = await zcomp.compressPage(page(nth * 20 + i), out)
        trace.push([nth, i, time.now()])
        expect(wrote).toBe(pageLength)
        using stream = zcomp.getStream()
        expect(stream.decompress(out.subarray(0, wrote), back)).toBe(pageSize)
        expect(Buffer.compare(back, page(nth * 20 + i))).toBe(0)
        await new Promise<void>((resolve) => void time.after(time.random() * 20, resolve))
      }
    }
    await time.settle(Promise.all(Array.from({ length: 12 }, (_, nth) => write(nth))))
    await time.settle(zcomp.close())
    expectLaws(pool)
    expect(pool.stats().health).toBe('idle')
    const injected = Object.values(control.injected).reduce((sum, n) => sum + n, 0)
    return {
      trace: JSON.stringify([trace, control.injected, zcomp.managed !== 'none' && zcomp.managed.counts]),
      injected,
    }
  }

  test('lose no page, whatever the seed', async () => {
    for (let seed = 1; seed <= 8; seed++) expect((await play(seed)).injected).toBeGreaterThan(20)
  })

  test('are the same for the same seed, event by event', async () => {
    const [first, again, other] = [await play(3), await play(3), await play(4)]
    expect(again.trace).toBe(first.trace)
    expect(other.trace).not.toBe(first.trace)
  })

  test('and faults that make no sense are refused by name', () => {
    expect(() => faults(runs(), [])).toThrow(/runs has no managed streams/)
    const ops = accelerate(runs())
    expect(() => faults(ops, { seed: 1, rates: { hang: 1.5 } })).toThrow(/rate of hang must be from 0 to 1/)
    expect(() => faults(ops, { seed: 1, rates: { hang: 0.7, fail: 0.7 } })).toThrow(/at most 1 together/)
  })
})
