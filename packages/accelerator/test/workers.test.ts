/** Real threads: the built package, since workers load built files. */
import { accelerate, accelerator, checkAcceleratorLaws, nodeRuntime } from '@zcomp/accelerator'
import { describeWorkers, workerScenarios } from '@zcomp/accelerator/conformance'
import { deflate } from '@zcomp/backend-deflate'
import { neverWait, type Runtime, type WorkerHandle, Zcomp } from '@zcomp/core'
import { describe, expect, it, test } from 'vitest'
import { runs } from './fixtures/runs.mjs'

const pageSize = 4096
const page = (nth: number): Uint8Array => new Uint8Array(pageSize).fill(nth & 255)

describeWorkers(runs(), { describe, it })

describe('deflate on worker engines', () => {
  const pages = [page(0), page(1), Uint8Array.from({ length: pageSize }, (_, i) => (i * i) >> 3)]
  for (const { id, title, run } of workerScenarios.filter(({ id }) => ['F01', 'F16'].includes(id))) {
    test(`${id}: ${title}`, () => run({ ops: deflate(), pages }))
  }
})

/** A runtime that notes its workers, and how many of them were ended from outside while they ran. */
function watched(): { runtime: Runtime; workers: WorkerHandle[]; forced(): number } {
  const workers: WorkerHandle[] = []
  let forced = 0
  const runtime: Runtime = {
    ...nodeRuntime,
    spawn(spec) {
      let runs = true
      const worker = nodeRuntime.spawn({
        ...spec,
        onExit(error) {
          runs = false
          spec.onExit(error)
        },
      })
      workers.push({
        ...worker,
        terminate() {
          if (runs) forced++
          return worker.terminate()
        },
      })
      return workers.at(-1)!
    },
  }
  return { runtime, workers, forced: () => forced }
}

describe('threads', () => {
  // Patient, so that a busy machine changes nothing.
  const graceMs = 30_000
  const drainMs = 120_000
  const managed = { policy: neverWait(), deadlineMs: 100_000, breaker: 'none' as const }

  test('that have had nothing to do for long look out for nothing', async () => {
    const [engines, spinMicros] = [8, 10_000]
    const pool = accelerator({ engines, spinMicros, graceMs })
    const zcomp = await Zcomp.create(accelerate(deflate(), { accelerator: pool }), { pageSize }, { drainMs, managed })
    expect(await pool.ready(60_000)).toBe(true)
    const sleptOut = async (times: number): Promise<void> => {
      while (pool.stats().engines.some(({ limits }) => limits < times)) await new Promise((go) => setTimeout(go, 50))
    }
    await sleptOut(1)
    const before = process.cpuUsage()
    await sleptOut(4)
    const { user, system } = process.cpuUsage(before)
    // Three sleeps ended by their limit, each engine. A look-out after each would have cost all of this at least twice.
    expect(user + system).toBeLessThan((engines * 3 * spinMicros) / 2)
    expect(pool.stats().engines.map(({ lost }) => lost)).toEqual(new Array(engines).fill(0))
    await zcomp.close()
  })

  test('that are well leave between two pages: none is ended inside node:zlib', async () => {
    const { runtime, workers, forced } = watched()
    const pool = accelerator({ engines: 2, graceMs, runtime })
    const ops = accelerate(deflate(), { accelerator: pool })
    let answered = 0
    for (let life = 0; life < 8; life++) {
      const zcomp = await Zcomp.create(ops, { pageSize }, { drainMs, managed })
      expect(await pool.ready(60_000)).toBe(true)
      // The other engine too: one that has not begun is ended at once, and need not leave.
      while (pool.stats().health !== 'up') await new Promise((resolve) => setTimeout(resolve, 5))
      const sent = Array.from({ length: 100 }, (_, i) => zcomp.compressPage(page(i), new Uint8Array(2 * pageSize)))
      zcomp.commit()
      for (let i = 0; i < life; i++) await sent[i]
      await zcomp.close()
      answered += (await Promise.all(sent)).filter((wrote) => wrote > 0).length
      expect(pool.stats().health).toBe('idle')
    }
    expect([answered, workers.length, forced()]).toEqual([800, 16, 0])
  })

  test('leave in the midst of a burst where their setup does not wait for them', async () => {
    const { runtime, forced } = watched()
    const pool = accelerator({ graceMs, runtime })
    const setup = await accelerate(deflate(), { accelerator: pool }).setupParams({ pageSize })
    if ('refused' in setup || setup.managed === 'none') throw new Error('not managed')
    const { managed: streams } = setup
    expect(await pool.ready(60_000)).toBe(true)
    const answers = Array.from({ length: 100 }, async () => {
      const stream = streams.getStream()
      return typeof stream === 'string' ? stream : stream.compress(pageSize)
    })
    streams.commit()
    await setup[Symbol.asyncDispose]()
    for (const answer of await Promise.all(answers)) expect(typeof answer).toBe('number')
    expect(forced()).toBe(0)
  })

  test('leave with a setup half made', async () => {
    const { runtime, forced } = watched()
    const pool = accelerator({ graceMs, runtime })
    const make = (options: object): Promise<Zcomp> =>
      Zcomp.create(accelerate(runs(options), { accelerator: pool }), { pageSize }, { drainMs, managed })
    const [quick, slow] = [await make({}), await make({ inWorker: { slow: 3_600_000 } })]
    await pool.ready(1)
    for (let i = 0; pool.stats().setups[0]!.state !== 'open' && i < 6000; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(pool.stats().setups.map(({ state }) => state)).toEqual(['open', 'starting'])
    await Promise.all([quick.close(), slow.close()])
    expect([pool.stats().health, forced()]).toEqual(['idle', 0])
  })

  test('are ended from outside where they hang, once', async () => {
    const { runtime, workers, forced } = watched()
    const pool = accelerator({ graceMs: 100, runtime })
    const ops = accelerate(runs({ inWorker: { hang: true } }), { accelerator: pool })
    const zcomp = await Zcomp.create(ops, { pageSize }, { drainMs, managed: { ...managed, deadlineMs: 100 } })
    expect(await pool.ready(60_000)).toBe(true)
    const lost = zcomp.compressPage(new Uint8Array(pageSize).fill(0xbb), new Uint8Array(2 * pageSize))
    await zcomp.close()
    expect(await lost).toBeGreaterThan(0)
    expect([workers.length, forced(), pool.stats().health]).toEqual([1, 1, 'idle'])
  })

  test('that somebody ends from outside in mid-flight cost no page', async () => {
    const { runtime, workers } = watched()
    const pool = accelerator({ runtime })
    const ops = accelerate(runs({ inWorker: { spin: 200 } }), { accelerator: pool })
    const zcomp = await Zcomp.create(ops, { pageSize }, { managed })
    expect(await pool.ready(60_000)).toBe(true)
    const sent = Array.from({ length: 60 }, (_, i) => zcomp.compressPage(page(i), new Uint8Array(2 * pageSize)))
    zcomp.commit()
    void workers[0]!.terminate()
    expect(await Promise.all(sent)).toEqual(new Array(60).fill(36))
    expect(pool.stats().counts).toMatchObject({ deaths: 1, hangs: 0 })
    await zcomp.close()
    expect(checkAcceleratorLaws(pool.stats())).toEqual([])
  })
})

describe('on real threads', () => {
  test('an engine is ended and started anew when it hangs in the backend, and no page is lost', async () => {
    const pool = accelerator({ hangMs: 300, graceMs: 100 })
    const ops = accelerate(runs({ inWorker: { hang: true } }), { accelerator: pool })
    const zcomp = await Zcomp.create(
      ops,
      { pageSize },
      { managed: { policy: neverWait(), deadlineMs: 200, breaker: 'none' } },
    )
    expect(await pool.ready()).toBe(true)
    const out = new Uint8Array(2 * pageSize)
    const bad = new Uint8Array(pageSize).fill(0xbb)
    const wrote = zcomp.compressPage(bad, out)
    zcomp.commit()
    expect(await wrote).toBe(36)
    expect(zcomp.managed !== 'none' && zcomp.managed.counts.deadline).toBe(1)
    for (let i = 0; pool.stats().counts.hangs === 0 && i < 2000; i++) {
      expect(await zcomp.compressPage(page(i & 127), out)).toBe(36)
      zcomp.commit()
    }
    expect(pool.stats().counts.hangs).toBe(1)
    await zcomp.close()
    expect(checkAcceleratorLaws(pool.stats())).toEqual([])
  })

  test('a hung engine does not keep a device from closing', async () => {
    const pool = accelerator({ graceMs: 100 })
    const ops = accelerate(runs({ inWorker: { hang: true } }), { accelerator: pool })
    const zcomp = await Zcomp.create(
      ops,
      { pageSize },
      { drainMs: 3000, managed: { policy: neverWait(), deadlineMs: 100 } },
    )
    await pool.ready()
    const lost = zcomp.compressPage(new Uint8Array(pageSize).fill(0xbb), new Uint8Array(2 * pageSize))
    await zcomp.close()
    expect(await lost).toBeGreaterThan(0)
    expect(pool.stats().health).toBe('idle')
    expect(checkAcceleratorLaws(pool.stats())).toEqual([])
  })

  test('a backend that ends its worker while it is set up is left out, and the others go on', async () => {
    const pool = accelerator({ restarts: 10 })
    const good = await Zcomp.create(accelerate(runs(), { accelerator: pool }), { pageSize })
    const bad = await Zcomp.create(accelerate(runs({ inWorker: { die: 'import' } }), { accelerator: pool }), {
      pageSize,
    })
    for (let i = 0; i < 400; i++) {
      const states = pool.stats().setups.map(({ state }) => state)
      if (states[0] === 'open' && states[1] === 'removed') break
      for (const zcomp of [good, bad]) {
        const got = zcomp.getManagedStream(100)
        if (typeof got === 'object') got.release()
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const { setups, counts } = pool.stats()
    expect(setups.map(({ state }) => state)).toEqual(['open', 'removed'])
    expect(setups[1]!.why).toMatch(/ends its engine/)
    expect(counts.deaths).toBe(2)
    await Promise.all([good.close(), bad.close()])
  })

  test('a new setup does not wait for one that is slow to be made', async () => {
    const pool = accelerator()
    const slow = await Zcomp.create(accelerate(runs({ inWorker: { slow: 60_000 } }), { accelerator: pool }), {
      pageSize,
    })
    const quick = await Zcomp.create(
      accelerate(runs(), { accelerator: pool }),
      { pageSize },
      { managed: { policy: neverWait(), deadlineMs: 20_000 } },
    )
    expect(await pool.ready(200)).toBe(false)
    for (let i = 0; pool.stats().setups[1]!.state !== 'open' && i < 1000; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(pool.stats().setups.map(({ state }) => state)).toEqual(['starting', 'open'])
    expect(await quick.compressPage(page(1), new Uint8Array(2 * pageSize))).toBe(36)
    expect(quick.managed !== 'none' && quick.managed.counts.compressed).toBe(1)
    await Promise.all([slow.close(), quick.close()])
    expect(pool.stats().health).toBe('idle')
  })

  test('have turns of their event loop, in work and before they sleep: native code frees what it has lent there', async () => {
    const pool = accelerator()
    const ops = accelerate(runs({ inWorker: { turns: true } }), { accelerator: pool })
    const zcomp = await Zcomp.create(ops, { pageSize }, { managed: { policy: neverWait(), deadlineMs: 20_000 } })
    await pool.ready()
    const out = new Uint8Array(2 * pageSize)
    const turns = async (): Promise<number> => {
      expect(await zcomp.compressPage(page(0xcc), out)).toBe(3)
      return out[0]! + 256 * out[1]!
    }
    const asleep = async (): Promise<void> => {
      while (!pool.stats().engines[0]!.asleep) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await turns()
    await asleep()
    const first = await turns()
    expect(first).toBeGreaterThan(0)
    const pages = 600
    for (let i = 0; i < pages; i += 100) {
      const outs = Array.from({ length: 100 }, (_, k) => zcomp.compressPage(page(k), new Uint8Array(2 * pageSize)))
      zcomp.commit()
      await Promise.all(outs)
    }
    await asleep()
    expect(await turns()).toBeGreaterThan(first + pages)
    await zcomp.close()
  })

  test('levels and dictionaries reach the engines, and nobody else', async () => {
    const pool = accelerator()
    const make = (level: number, first: number): Promise<Zcomp> =>
      Zcomp.create(
        accelerate(runs(), { accelerator: pool }),
        { pageSize, level, dict: Uint8Array.of(first) },
        { managed: { policy: neverWait(), deadlineMs: 20_000 } },
      )
    const zcomps = [await make(1, 10), await make(2, 20), await make(3, 30)]
    await pool.ready()
    const marks: number[] = []
    for (const zcomp of [...zcomps, ...zcomps]) {
      const out = new Uint8Array(2 * pageSize)
      expect(await zcomp.compressPage(page(5), out)).toBe(36)
      marks.push(out[1]!)
      using stream = zcomp.getStream()
      expect(stream.decompress(out.subarray(0, 36), new Uint8Array(pageSize))).toBe(pageSize)
      expect(zcomp.managed !== 'none' && zcomp.managed.counts.fault).toBe(0)
    }
    expect(marks).toEqual([11, 22, 33, 11, 22, 33])
    await Promise.all(zcomps.map((zcomp) => zcomp.close()))
  })

  test('twenty lives leave nothing behind', async () => {
    const { runtime, workers } = watched()
    const pool = accelerator({ runtime })
    const ops = accelerate(runs(), { accelerator: pool })
    const active = (): number =>
      process.getActiveResourcesInfo().filter((kind) => /worker|messageport/i.test(kind)).length
    const before = active()
    for (let life = 1; life <= 20; life++) {
      const zcomp = await Zcomp.create(ops, { pageSize })
      zcomp.managed !== 'none' && zcomp.managed.getStream(100)
      if (life % 10 === 0) expect(await pool.ready()).toBe(true)
      await zcomp.close()
      expect(pool.stats()).toMatchObject({ health: 'idle', counts: { begun: life, ended: life } })
    }
    expect(workers).toHaveLength(20)
    expect(active()).toBe(before)
  })
})
