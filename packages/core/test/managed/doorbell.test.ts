/** When a device is told of the pages that it was sent. */
import { expect, it } from 'vitest'
import { neverWait, virtualRuntime, ZramDevice } from '../../src/index.js'
import { behind, FakeDevice } from './fake-device.js'
import { describeBoth, pageSize, randomPage } from './world.js'

describeBoth('a write of many pages', () => {
  it('rings for each page at first, then for every four', async () => {
    const runtime = virtualRuntime(3)
    const device = new FakeDevice(runtime, { streams: 64, script: () => ({ after: 10 }) })
    const known: number[] = []
    const commit = device.commit.bind(device)
    device.commit = () => {
      known.push(device.requests)
      commit()
    }
    const backends = [behind(device, pageSize)]
    const managed = { policy: neverWait() }
    const dev = await ZramDevice.create({ disksize: '1M', backends, managed, runtime })
    const data = Buffer.concat(Array.from({ length: 32 }, (_, i) => randomPage(i)))
    const written = dev.write(0, data)
    expect(known).toEqual([1, 2, 3, 4, 8, 12, 16, 20, 24, 28, 32, 32])
    await runtime.settle(written)
    expect(Buffer.compare(await runtime.settle(dev.read(0, data.length)), data)).toBe(0)
    await runtime.settle(dev.close())
    expect(device.broken).toEqual([])
  })
})
