import { Status } from '@zcomp/core'
import { describe, expect, test } from 'vitest'
import { expectLaws, page, pageLength, pageSize, send, stage, streamsOf, take } from './support.js'

describe('a pool', () => {
  test('starts with its first setup and ends with its last, any number of times', async () => {
    const { time, pool, open, close, ready } = stage()
    expect(pool.stats().health).toBe('idle')
    for (let life = 1; life <= 100; life++) {
      const first = await open()
      expect(streamsOf(first).getStream()).toBe('starting')
      const second = await open()
      expect(await ready()).toBe(true)
      const sent = time.settle(Promise.all([send(first, life), send(second, life + 1)]))
      streamsOf(first).commit()
      expect(await sent).toEqual([pageLength, pageLength])
      await close(life % 2 ? first : second)
      expect(pool.stats().health).toBe('up')
      expect(await time.settle(sendNow(life % 2 ? second : first))).toBe(pageLength)
      await close(life % 2 ? second : first)
      expect(pool.stats()).toMatchObject({ health: 'idle', held: 0, counts: { begun: life, ended: life } })
      expect(time.engines).toHaveLength(life)
      expect(time.engines.every((engine) => engine.ended && !(engine.begun && engine.forced))).toBe(true)
      expectLaws(pool)
    }
  })

  test('makes a new life for whoever comes while the last one ends, and waits for nobody', async () => {
    const { time, pool, open, ready } = stage()
    const first = await open()
    await ready()
    const closing = first[Symbol.asyncDispose]()
    const second = await open()
    await time.settle(closing)
    await ready()
    expect(await time.settle(sendNow(second))).toBe(pageLength)
    expect(time.engines.length).toBeLessThanOrEqual(2)
    await time.settle(Promise.all([second[Symbol.asyncDispose](), second[Symbol.asyncDispose]()]))
    expect(pool.stats().health).toBe('idle')
    expectLaws(pool)
  })

  test('uses the memory of its slots again in its next life', async () => {
    const { time, pool, open, close, ready } = stage()
    const memories = new Set<ArrayBufferLike>()
    // Whoever holds what he was lent keeps its memory from the collector, which may have it otherwise.
    const kept: unknown[] = []
    for (let life = 1; life <= 3; life++) {
      const setup = await open()
      await ready()
      const stream = take(streamsOf(setup))
      streamsOf(setup).putStream(stream)
      memories.add(stream.src.buffer)
      kept.push(streamsOf(setup))
      expect(await time.settle(sendNow(setup))).toBe(pageLength)
      await close(setup)
      expect(pool.stats().memoryBytes).toBe(0)
    }
    expect(kept).toHaveLength(3)
    expect(memories.size).toBe(1)
    expectLaws(pool)
  })

  test('shares that memory with no life that begins while another ends', async () => {
    const { time, pool, open, close, ready } = stage()
    await close(await open())
    const first = await open()
    await ready()
    const old = take(streamsOf(first))
    streamsOf(first).putStream(old)
    const closing = first[Symbol.asyncDispose]()
    const second = await open()
    await ready()
    expect(take(streamsOf(second)).src.buffer).not.toBe(old.src.buffer)
    await time.settle(closing)
    await close(second)
    expectLaws(pool)
  })

  test('survives set-ups and releases in any order', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { time, pool, open } = stage({ engines: 2 }, {}, seed)
      const work = Array.from({ length: 8 }, async () => {
        await new Promise<void>((resolve) => void time.after(time.random() * 20, resolve))
        const setup = await open()
        await new Promise<void>((resolve) => void time.after(time.random() * 20, resolve))
        const got = streamsOf(setup).getStream()
        const answer = typeof got === 'string' ? undefined : got.compress(pageSize)
        streamsOf(setup).commit()
        if (time.random() < 0.5) await answer
        if (typeof got !== 'string' && answer) void answer.then(() => streamsOf(setup).putStream(got))
        await setup[Symbol.asyncDispose]()
      })
      await time.settle(Promise.all(work))
      await time.advance(1000)
      expect(pool.stats().health).toBe('idle')
      expect(time.engines.every((engine) => engine.ended && !(engine.begun && engine.forced))).toBe(true)
      expectLaws(pool)
    }
  })

  test('serves pages of several sizes, and setups of different parameters, from the same slots', async () => {
    const { time, pool, open, ready, close } = stage({ streams: 4 })
    const small = await open({ level: 2 })
    const large = await open({ pageSize: 65536, dict: new Uint8Array([9]) })
    await ready()
    const streams = streamsOf(large)
    const stream = take(streams)
    expect([stream.src.length, stream.buffer.length]).toEqual([65536, 65536])
    stream.src.set(page(5, 65536))
    const big = stream.compress(65536)
    const little = sendNow(small)
    expect(await time.settle(little)).toBe(pageLength)
    const wrote = await time.settle(big)
    const ctx = large.createCtx()
    const back = new Uint8Array(65536)
    expect(ctx.decompress(stream.buffer.subarray(0, wrote), back)).toBe(65536)
    expect(back).toEqual(page(5, 65536))
    streams.putStream(stream)
    expect(pool.stats().free).toBe(4)
    await close(small)
    await close(large)
    expectLaws(pool)
  })

  test('refuses at once and for a reason when all streams are out', async () => {
    const { time, pool, open, close, ready } = stage({ streams: 3, reserve: 0 })
    const setup = await open()
    await ready()
    const streams = streamsOf(setup)
    expect(streams.streams).toBe(3)
    const held = [take(streams), take(streams), take(streams)]
    expect(new Set(held).size).toBe(3)
    expect(streams.getStream()).toBe('exhausted')
    for (const stream of held) streams.putStream(stream)
    expect(await time.settle(sendNow(setup))).toBe(pageLength)
    expect(pool.stats().counts.refused.exhausted).toBe(1)
    await close(setup)
    expectLaws(pool)
  })

  test('counts misuse by name, and is not harmed by it', async () => {
    const { time, pool, open, close, ready } = stage()
    const [setup, other] = [await open(), await open()]
    await ready()
    const streams = streamsOf(setup)
    const stream = take(streams)
    expect(() => stream.compress(0)).toThrow(/length must be from 1 to 4096/)
    expect(() => streamsOf(other).putStream(stream)).toThrow(/not lent to this setup/)
    const answer = stream.compress(pageSize)
    expect(() => stream.compress(pageSize)).toThrow(/a request is out/)
    expect(() => streams.putStream(stream)).toThrow(/a request is out/)
    streams.commit()
    expect(await time.settle(answer)).toBeGreaterThan(0)
    streams.putStream(stream)
    expect(() => streams.putStream(stream)).toThrow(/not lent/)
    expect(pool.stats()).toMatchObject({ held: 0, counts: { misused: 5 } })
    await close(setup)
    await close(other)
    expectLaws(pool)
  })
})

describe('a stream that is sent by call', () => {
  test('answers from commit, where the answer is at hand, and may be put in the call', async () => {
    const { time, pool, open, close, ready } = stage()
    const setup = await open()
    await ready()
    const streams = streamsOf(setup)
    const stream = take(streams)
    stream.src.set(page(1))
    const seen: [number, number][] = []
    stream.submit!(pageSize, -5, (ticket, answer) => {
      seen.push([ticket, answer])
      streams.putStream(stream)
    })
    expect(() => stream.submit!(pageSize, 1, () => {})).toThrow(/a request is out/)
    streams.commit()
    await time.advance(10)
    expect(seen).toEqual([[-5, pageLength]])
    expect(() => stream.submit!(pageSize, 1, () => {})).toThrow(/not lent/)
    expect(pool.stats()).toMatchObject({ held: 0, counts: { submitted: 1, answered: 1, misused: 1 } })
    await close(setup)
    expectLaws(pool)
  })

  test('is answered after the call even where no engine is left', async () => {
    const { time, pool, open, close, ready } = stage({ engines: 1 })
    const setup = await open()
    await ready()
    const streams = streamsOf(setup)
    const stream = take(streams)
    time.engines[0]!.end()
    const seen: number[] = []
    stream.submit!(pageSize, 1, (_, answer) => seen.push(answer))
    expect(seen).toEqual([])
    await null
    expect(seen).toEqual([Status.fault])
    expect(pool.stats().counts.cancelled).toBe(1)
    streams.putStream(stream)
    await close(setup)
    expectLaws(pool)
  })
})

describe('wake-ups', () => {
  test('are never lost and never owed, in any interleaving', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { time, pool, open, close, ready } = stage({ engines: 1 + (seed % 3), depth: 1 + (seed % 5) }, {}, seed)
      const setups = [await open(), await open()]
      await ready()
      let done = 0
      const writer = async (nth: number): Promise<void> => {
        for (let i = 0; i < 12; i++) {
          const answer = send(setups[nth % 2]!, nth * 100 + i)
          if (time.random() < 0.8) streamsOf(setups[nth % 2]!).commit()
          else time.nextTurn(() => streamsOf(setups[0]!).commit())
          expect(await answer).toBe(pageLength)
          done++
          await new Promise<void>((resolve) => void time.after(time.random() * 0.03, resolve))
        }
      }
      await time.settle(Promise.all(Array.from({ length: 6 }, (_, nth) => writer(nth))))
      expect(done).toBe(72)
      const { counts } = pool.stats()
      expect(counts.answered).toBe(72)
      await Promise.all(setups.map(close))
      expectLaws(pool)
    }
  })

  test('leave no debt: after bursts of 128 an idle engine does not stir', async () => {
    const { time, pool, open, close, ready } = stage({ depth: 128 })
    const setup = await open()
    await ready()
    await time.advance(100)
    const engine = time.engines[0]!
    const [sleepsBefore, emptyBefore] = [engine.sleeps, engine.emptySteps]
    const bursts = 20
    for (let i = 0; i < bursts; i++) {
      const burst = Promise.all(Array.from({ length: 128 }, (_, nth) => send(setup, nth)))
      streamsOf(setup).commit()
      expect((await time.settle(burst)).every((wrote) => wrote === pageLength)).toBe(true)
      await time.advance(5)
    }
    const after = [engine.served, engine.sleeps, engine.emptySteps]
    expect(engine.served).toBe(bursts * 128)
    expect(pool.stats().counts.bells).toBeLessThanOrEqual(bursts + 5)
    expect(engine.sleeps - sleepsBefore).toBeLessThanOrEqual(bursts + 1)
    expect(engine.emptySteps - emptyBefore).toBeLessThanOrEqual(1)
    await time.advance(3_600_000)
    expect([engine.served, engine.sleeps, engine.emptySteps]).toEqual(after)
    expect(time.pending).toBe(0)
    await close(setup)
  })

  test('come at half of what is in flight, so that engines are refilled while they work', async () => {
    const { time, pool, open, close, ready } = stage({ depth: 16 })
    const setup = await open()
    await ready()
    const burst = Promise.all(Array.from({ length: 100 }, (_, nth) => send(setup, nth)))
    streamsOf(setup).commit()
    await time.settle(burst)
    const { counts } = pool.stats()
    expect(counts.wakes).toBeLessThan(30)
    expect(counts.bells).toBeLessThan(5)
    await close(setup)
  })

  test('are not needed for a doorbell with nothing behind it', async () => {
    const { time, pool, open, close, ready } = stage()
    const setup = await open()
    await ready()
    await time.advance(10)
    const { bells } = pool.stats().counts
    for (let i = 0; i < 1000; i++) streamsOf(setup).commit()
    const answer = send(setup, 1)
    streamsOf(setup).commit()
    streamsOf(setup).commit()
    expect(await time.settle(answer)).toBe(pageLength)
    expect(pool.stats().counts.bells).toBe(bells + 1)
    await close(setup)
  })
})

describe('sharing', () => {
  test('a noisy neighbour does not take the reserve, and its backlog costs others one ring at most', async () => {
    const serviceMs = 0.01
    const { time, pool, open, close, ready } = stage({ streams: 32, reserve: 4, depth: 8 }, { serviceMs })
    const [noisy, quiet] = [await open(), await open()]
    await ready()
    let stop = false
    const noise = async (nth: number): Promise<void> => {
      for (let i = 0; !stop; i++) {
        const got = streamsOf(noisy).getStream()
        if (typeof got === 'string') {
          await new Promise<void>((resolve) => void time.after(0.02, resolve))
          continue
        }
        got.src.set(page(nth + i))
        const answer = got.compress(pageSize)
        streamsOf(noisy).commit()
        await answer
        streamsOf(noisy).putStream(got)
      }
    }
    const noises = Array.from({ length: 40 }, (_, nth) => noise(nth))
    const waits: number[] = []
    for (let i = 0; i < 50; i++) {
      await time.advance(0.5)
      const since = time.now()
      const answer = send(quiet, i)
      streamsOf(quiet).commit()
      expect(await time.settle(answer)).toBe(pageLength)
      waits.push(time.now() - since)
    }
    stop = true
    await time.settle(Promise.all(noises))
    // A ring of 8 before it, its own page, and what messages and steps take.
    const bound = 9 * (serviceMs + 0.002) + 0.1
    expect(Math.max(...waits)).toBeLessThan(bound)
    expect(pool.stats().counts.refused.quota).toBeGreaterThan(0)
    expect(pool.stats().setups.every(({ reserved }) => reserved === 4)).toBe(true)
    await close(noisy)
    await close(quiet)
    expectLaws(pool)
  })

  test('is by the time that engines spend: costly pages of one setup do not hold up the other', async () => {
    const cost = [0, 0.005, 0.05]
    const { time, pool, open, close, ready } = stage(
      { streams: 64, depth: 4, reserve: 0 },
      { serviceMs: ({ setup }) => cost[setup]! },
    )
    const [cheap, dear] = [await open(), await open()]
    await ready()
    let stop = false
    const load = async (setup: typeof cheap, nth: number): Promise<void> => {
      while (!stop) {
        const answer = send(setup, nth)
        streamsOf(setup).commit()
        await answer
      }
    }
    const loads = Array.from({ length: 60 }, (_, nth) => load(nth % 2 ? cheap : dear, nth))
    await time.advance(10)
    const before = pool.stats().setups.map(({ submitted, waiting, inFlight }) => submitted - waiting - inFlight)
    await time.advance(30)
    const after = pool.stats().setups.map(({ submitted, waiting, inFlight }) => submitted - waiting - inFlight)
    const pages = after.map((n, i) => n - before[i]!)
    const ratio = (pages[0]! * cost[1]!) / (pages[1]! * cost[2]!)
    expect(ratio).toBeGreaterThan(0.7)
    expect(ratio).toBeLessThan(1.4)
    stop = true
    await time.settle(Promise.all(loads))
    await close(cheap)
    await close(dear)
    expectLaws(pool)
  })

  test('unused reserve stays free for its owner, and goes back when the owner leaves', async () => {
    const { open, close, ready, pool } = stage({ streams: 8, reserve: 3 })
    const [first, second] = [await open(), await open()]
    await ready()
    const held = Array.from({ length: 5 }, () => take(streamsOf(first)))
    expect(streamsOf(first).getStream()).toBe('exhausted')
    expect(pool.stats().free).toBe(3)
    await close(second)
    held.push(take(streamsOf(first)), take(streamsOf(first)), take(streamsOf(first)))
    expect(pool.stats().free).toBe(0)
    for (const stream of held) streamsOf(first).putStream(stream)
    await close(first)
    expectLaws(pool)
  })
})

async function sendNow(setup: Parameters<typeof send>[0]): Promise<number> {
  const answer = send(setup, 3)
  streamsOf(setup).commit()
  return answer
}
