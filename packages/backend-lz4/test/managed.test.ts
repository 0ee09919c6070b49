/** The accelerator as lz4 uses it: real workers, real pages. Its tests load what was built, as workers do. */
import { accelerator, checkAcceleratorLaws } from '@zcomp/accelerator'
import { makePage, pageKinds } from '@zcomp/conformance'
import { neverWait, ZramDevice } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { type Lz4Options, lz4 } from '../dist/index.js'

const megabyte = 1 << 20

function pages(bytes: number, pageSize: number): Uint8Array {
  const kinds = pageKinds
  const all = new Uint8Array(bytes)
  for (let i = 0; i * pageSize < bytes; i++) {
    all.set(makePage(kinds[i % kinds.length] as (typeof kinds)[number], pageSize, i), i * pageSize)
  }
  return all
}

async function fill(dev: ZramDevice, data: Uint8Array): Promise<void> {
  const requests: Promise<void>[] = []
  for (let at = 0; at < data.length; at += 128 * 1024) requests.push(dev.write(at, data.subarray(at, at + 128 * 1024)))
  await Promise.all(requests)
}

describe.each<Lz4Options['engineCodec'] & string>(['wasm', 'napi'])('engines on %s', (engineCodec) => {
  it.each([4096, 65536])('compress what software reads, pages of %i', async (pageSize) => {
    const pool = accelerator({ pageSize })
    const backends = [lz4({ accelerator: pool, engineCodec })]
    const dev = await ZramDevice.create({
      disksize: '16M',
      backends,
      pageSize,
      managed: { policy: neverWait(), verify: 0.1 },
    })
    const data = pages(8 * megabyte, pageSize)
    await fill(dev, data)
    await pool.ready()
    await fill(dev, data)
    const { managed } = dev.stats()
    if (managed === 'none') throw new Error('lz4 has managed streams')
    expect(managed.compressed).toBeGreaterThan(0)
    expect(managed.fault + managed.deadline).toBe(0)
    expect(Buffer.compare(dev.readSync(0, data.length), data)).toBe(0)
    expect(dev.brokenLaws()).toEqual([])
    await dev.close()
    expect(checkAcceleratorLaws(pool.stats())).toEqual([])
    expect(pool.stats().health).toBe('idle')
  })
})

describe('lz4() as it comes', () => {
  it('uses the accelerator of the process, which nobody had to start', async () => {
    const dev = await ZramDevice.create({ disksize: '64M', backends: [lz4()] })
    expect(lz4().caps.managed).toBe('compress')
    const data = pages(4 * megabyte, 4096)
    for (let round = 0; round < 3; round++) await fill(dev, data)
    expect(Buffer.compare(dev.readSync(0, data.length), data)).toBe(0)
    expect(dev.show('hw_stat')).toMatch(/^[ 0-9a-z.]+\n$/)
    await dev.close()
  })

  it('shares one pool among devices, and goes on when one of them ends', async () => {
    const pool = accelerator({ streams: 16 })
    const make = () =>
      ZramDevice.create({ disksize: '16M', backends: [lz4({ accelerator: pool })], managed: { policy: neverWait() } })
    const devices = await Promise.all([make(), make(), make()])
    const data = pages(2 * megabyte, 4096)
    await pool.ready()
    await Promise.all(devices.map((dev) => fill(dev, data)))
    await devices[0]?.close()
    await Promise.all(devices.slice(1).map((dev) => fill(dev, data)))
    for (const dev of devices.slice(1)) {
      expect(Buffer.compare(dev.readSync(0, data.length), data)).toBe(0)
      await dev.close()
    }
    expect(checkAcceleratorLaws(pool.stats())).toEqual([])
  })

  it('takes engines of the other codec where the parameters need it', async () => {
    const pool = accelerator()
    const backends = [lz4({ accelerator: pool, engineCodec: 'napi' })]
    const dev = await ZramDevice.create({
      disksize: '16M',
      backends,
      params: { level: 5 },
      managed: { policy: neverWait() },
    })
    await pool.ready()
    const data = pages(2 * megabyte, 4096)
    await fill(dev, data)
    const { managed } = dev.stats()
    expect(managed !== 'none' && managed.compressed > 0 && managed.fault === 0).toBe(true)
    expect(Buffer.compare(dev.readSync(0, data.length), data)).toBe(0)
    await dev.close()
  })
})
