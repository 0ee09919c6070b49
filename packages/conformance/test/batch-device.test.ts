import { checkManagedLaws, neverWait, Status, virtualRuntime, Zcomp } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { batchDevice } from '../src/fakes/index.js'
import { judge, makePage, pageKinds } from '../src/index.js'

const pageSize = 4096
const managed = { policy: neverWait(), breaker: 'none', deadlineMs: 100 } as const

async function open(options: Parameters<typeof batchDevice>[0] = {}) {
  const runtime = virtualRuntime()
  const { ops, device } = batchDevice({ runtime, ...options })
  const zcomp = await Zcomp.create(ops, { pageSize }, { runtime, managed })
  return { runtime, device, zcomp }
}

type Opened = Awaited<ReturnType<typeof open>>

/** Compresses `n` text pages at once; the answers, once read back, in the order of submission. */
async function pages({ runtime, zcomp }: Opened, n: number): Promise<('managed' | 'software' | string)[]> {
  const done = Array.from({ length: n }, async (_, i) => {
    const page = makePage('text', pageSize, i)
    const lease = zcomp.getManagedStream()
    if (typeof lease === 'string') return lease
    lease.src.set(page)
    const wrote = await lease.compress(pageSize)
    const dst = new Uint8Array(pageSize)
    const stream = zcomp.getStream()
    expect(stream.decompress(lease.buffer.subarray(0, wrote), dst)).toBe(pageSize)
    expect(dst).toEqual(page)
    stream.release()
    const { via } = lease
    lease.release()
    return via
  })
  const vias = await runtime.settle(Promise.all(done))
  expectLaws(zcomp)
  return vias
}

function expectLaws({ managed: desk }: Zcomp): void {
  if (desk === 'none') throw new Error('no desk')
  expect(checkManagedLaws(desk.counts, desk.inFlight, desk.held, desk.quarantined)).toEqual([])
}

describe('a batch device behind Zcomp, in virtual time', () => {
  it('starts at commit, in groups, and all pages come back', async () => {
    const opened = await open({ streams: 8, group: 4, serviceMs: 2 })
    expect(await pages(opened, 8)).toEqual(Array.from({ length: 8 }, () => 'managed'))
    expect(opened.device.counts).toMatchObject({ requests: 8, answers: 8, launches: 2 })
    expect(opened.runtime.now()).toBe(4)
    await opened.runtime.settle(opened.zcomp.close())
    expect(opened.device.inFlight).toBe(0)
  })

  it('answers last first within a group', async () => {
    const runtime = virtualRuntime()
    const { ops } = batchDevice({ runtime, group: 3 })
    const setup = await ops.setupParams({ pageSize })
    if ('refused' in setup || setup.managed === 'none') throw new Error('no streams')
    const { managed } = setup
    const order: number[] = []
    for (let i = 0; i < 6; i++) {
      const stream = managed.getStream()
      if (typeof stream === 'string') throw new Error(stream)
      void stream.compress(pageSize).then(() => order.push(i))
    }
    await runtime.advance(50)
    expect(order).toEqual([]) // Nobody has rung.
    managed.commit()
    await runtime.advance(50)
    expect(order).toEqual([2, 1, 0, 5, 4, 3])
    await setup[Symbol.asyncDispose]()
  })

  it('has as many streams as it says, and the rest is for software', async () => {
    const opened = await open({ streams: 2 })
    expect(await pages(opened, 4)).toEqual(['managed', 'managed', 'exhausted', 'exhausted'])
    expect(await pages(opened, 1)).toEqual(['managed'])
  })

  it('refuses, fails, is late and hangs as its script says, and no page is lost', async () => {
    const faults = [
      undefined,
      'fault',
      'reject',
      { answer: Number.NaN },
      { delayMs: 20 },
      { delayMs: 500 },
      'hang',
    ] as const
    const refuse = (n: number) => (n === 7 ? ('draining' as const) : undefined)
    const opened = await open({ streams: 8, script: { request: (n) => faults[n], refuse } })
    expect(await pages(opened, 8)).toEqual([
      'managed',
      'software',
      'software',
      'software',
      'managed',
      'software',
      'software',
      'draining',
    ])
    const desk = opened.zcomp.managed
    if (desk === 'none') throw new Error('no desk')
    const { counts } = desk
    expect(counts).toMatchObject({ submitted: 7, compressed: 2, fault: 2, deadline: 2, redone: 5, late: 0, failed: 0 })
    expect(counts.invalid.length + counts.invalid.status).toBe(1)
    await opened.runtime.advance(1000)
    expect(counts.late).toBe(1)
    expect(opened.device.inFlight).toBe(1)
    await opened.runtime.settle(opened.zcomp.close())
    expect(opened.device.inFlight).toBe(0)
    expect(counts.late).toBe(2)
    expectLaws(opened.zcomp)
  })

  it('serves setups of different page sizes from one pool', async () => {
    const runtime = virtualRuntime()
    const { ops, device } = batchDevice({ runtime, streams: 4 })
    const sizes = [4096, 16384]
    const zcomps = await Promise.all(sizes.map((size) => Zcomp.create(ops, { pageSize: size }, { runtime, managed })))
    for (const kind of pageKinds) {
      const outs = sizes.map((size) => new Uint8Array(2 * size))
      const both = zcomps.map((zcomp, i) => zcomp.compressPage(makePage(kind, sizes[i]!, 1), outs[i]!))
      const wrote = await runtime.settle(Promise.all(both))
      for (const [i, n] of wrote.entries()) {
        const dst = new Uint8Array(sizes[i]!)
        const stream = zcomps[i]!.getStream()
        if (n > 0) expect(stream.decompress(outs[i]!.subarray(0, n), dst)).toBe(sizes[i])
        else expect(n).toBe(Status.declined)
        stream.release()
      }
    }
    expect(device.counts.requests).toBe(2 * pageKinds.length)
    for (const zcomp of zcomps) {
      await runtime.settle(zcomp.close())
      expectLaws(zcomp)
    }
  })

  it('says what its health is', async () => {
    const opened = await open()
    for (const health of ['starting', 'draining', 'removed'] as const) {
      opened.device.health = health
      expect(await pages(opened, 1)).toEqual([health])
    }
  })

  it('is seen to hang at once, in virtual time', async () => {
    const runtime = virtualRuntime()
    const { ops } = batchDevice({ runtime, script: { request: () => 'hang' } })
    const report = await judge(ops, { cases: ['managed/one-commit'], pause: () => runtime.step() })
    expect(report.cases[0]?.received).toBe('no answer, and nothing is left to happen')
  })

  it('holds in every case, in virtual time', async () => {
    const runtime = virtualRuntime()
    const { ops } = batchDevice({ runtime })
    const report = await judge(ops, { cases: ['managed/*'], pause: () => runtime.step() })
    expect(report.cases.filter(({ verdict }) => verdict === 'broke')).toEqual([])
    expect(report.counts.held).toBe(8)
  })
})
