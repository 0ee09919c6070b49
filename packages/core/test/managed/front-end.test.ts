/** Managed streams through `Zcomp`: options, waiting, verification with the real decompressor, the end. */
import { describe, expect, it } from 'vitest'
import {
  checkManagedLaws,
  isZcompError,
  type ManagedOptions,
  neverWait,
  Status,
  strict,
  virtualRuntime,
  waitUpTo,
  Zcomp,
} from '../../src/index.js'
import { toyDecompress } from '../support/toy.js'
import { behind, FakeDevice, type FakeOptions } from './fake-device.js'
import { pageSize, randomPage } from './world.js'

async function front(managed: ManagedOptions | 'none' | undefined, fake: FakeOptions = {}) {
  const runtime = virtualRuntime(3)
  const device = new FakeDevice(runtime, fake)
  const ops = behind(device, pageSize)
  const options = managed === undefined ? { runtime } : { runtime, managed }
  const zcomp = await Zcomp.create(ops, { pageSize }, options)
  const end = async (): Promise<void> => {
    const desk = zcomp.managed
    await runtime.settle(zcomp.close())
    expect(device.broken).toEqual([])
    if (desk !== 'none') expect(checkManagedLaws(desk.counts, desk.inFlight, desk.held, desk.quarantined)).toEqual([])
  }
  return { runtime, device, zcomp, end }
}

describe('Zcomp with managed streams', () => {
  it("never asks where the option says 'none'", async () => {
    const { zcomp, device, end } = await front('none')
    expect(zcomp.managed).toBe('none')
    expect(zcomp.getManagedStream()).toBe('policy')
    expect(await zcomp.compressPage(randomPage(1), new Uint8Array(pageSize))).toBe(201)
    expect(device.calls).toEqual({ getStream: 0, putStream: 0, commit: 0 })
    await end()
  })

  it('refuses options before it sets anything up', async () => {
    await expect(front({ deadlineMs: -1 })).rejects.toSatisfy((error) => isZcompError(error) && error.code === 'EINVAL')
    await expect(front({ deadlineMs: -1 })).rejects.toThrow(/managed\.deadlineMs/)
  })

  it('prefers software for a page at a time unless told otherwise', async () => {
    const { zcomp, runtime, end } = await front(undefined)
    expect(await runtime.settle(zcomp.compressPage(randomPage(1), new Uint8Array(pageSize)))).toBe(201)
    expect(zcomp.managed !== 'none' && zcomp.managed.counts.refused.policy).toBe(1)
    await end()
  })

  it('compresses on the device, and keeps the page while it waits for a stream', async () => {
    const { zcomp, runtime, device, end } = await front(
      { policy: waitUpTo(50) },
      { streams: 1, script: () => ({ after: 10 }) },
    )
    const page = new Uint8Array(pageSize)
    const outs = [0, 1, 2].map(() => new Uint8Array(pageSize))
    const writes = outs.map((out, i) => {
      page.set(randomPage(i))
      const done = zcomp.compressPage(page, out)
      page.fill(255)
      return done
    })
    expect(await runtime.settle(Promise.all(writes))).toEqual([201, 201, 201])
    outs.forEach((out, i) => {
      const back = new Uint8Array(pageSize)
      toyDecompress(out.subarray(0, 201), back)
      expect(back).toEqual(randomPage(i))
    })
    expect(device.requests).toBe(3)
    await end()
  })

  it('verifies with its own decompressor, which no reader sees in the counts', async () => {
    const spoil = (buffer: Uint8Array): void => buffer.set([0])
    const { zcomp, runtime, end } = await front(
      { policy: neverWait(), verify: 1 },
      { script: (nth) => (nth === 0 ? { spoil } : {}) },
    )
    for (const expected of [201, 201]) {
      expect(await runtime.settle(zcomp.compressPage(randomPage(1), new Uint8Array(pageSize)))).toBe(expected)
    }
    expect(zcomp.managed).toMatchObject({ counts: { verified: 1, redone: 1, invalid: { verify: 1 } } })
    expect(zcomp.software).toMatchObject({ compressed: 1, decompressed: 0, corrupt: 0 })
    await end()
  })

  it('strict: fails the page rather than let software have it', async () => {
    const { zcomp, runtime, device, end } = await front({ policy: strict(), deadlineMs: 10 })
    device.refuse = 'removed'
    expect(await runtime.settle(zcomp.compressPage(randomPage(1), new Uint8Array(pageSize)))).toBe(Status.fault)
    expect(zcomp.software.compressed).toBe(0)
    await end()
  })

  it('F31 closes in bounded time over a hung device, and leaves it alone after that', async () => {
    const { zcomp, runtime, device, end } = await front(
      { policy: neverWait(), deadlineMs: 30 },
      { script: () => ({ how: 'never' }) },
    )
    const write = zcomp.compressPage(randomPage(1), new Uint8Array(pageSize))
    await end()
    expect(runtime.now()).toBeLessThanOrEqual(32)
    expect(await write).toBe(201)
    expect(device.free).toBe(device.streams)
    expect(() => zcomp.getStream()).toThrow(/closed/)
    expect(zcomp.getManagedStream()).toBe('draining')
    expect(await zcomp.close()).toBeUndefined()
  })

  it('F31 poc: closes when the drain is forced', async () => {
    const { zcomp, runtime, end } = await front({ compat: 'poc' }, { script: () => ({ how: 'never' }) })
    const write = zcomp.compressPage(randomPage(1), new Uint8Array(pageSize))
    await end()
    expect(runtime.now()).toBe(5000)
    expect(await write).toBe(Status.fault)
  })
})
