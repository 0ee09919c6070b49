import { mustEqual, mustRefuse } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { compare, ioStat } from './fill.js'

const disk = 1024 * 1024

export const misuse: Scenario = {
  id: 'device/misuse',
  claim: 'Requests out of range or with arguments that make no sense are refused by name and change nothing.',
  async run({ sample, open }) {
    const old = sample(256)
    const device = await open({ disksize: disk })
    await device.write(0, old)
    const page = new Uint8Array(4096)
    const before = device.show('mm_stat')
    for (const at of [-1, 0.5, Number.NaN, disk, disk - 1, Number.POSITIVE_INFINITY]) {
      await mustRefuse(`write at ${at}`, 'EINVAL', () => device.write(at, page))
      await mustRefuse(`writeSync at ${at}`, 'EINVAL', () => device.writeSync(at, page))
      await mustRefuse(`read at ${at}`, 'EINVAL', () => device.read(at, page))
      await mustRefuse(`discard at ${at}`, 'EINVAL', () => device.discard(at, 4096))
      await mustRefuse(`writeZeroes at ${at}`, 'EINVAL', () => device.writeZeroes(at, 4096))
    }
    const detached = new Uint8Array(4096)
    structuredClone(detached.buffer, { transfer: [detached.buffer] })
    await mustRefuse('write from a detached buffer', 'EINVAL', () => device.write(0, detached))
    await mustRefuse('read into a detached buffer', 'EINVAL', () => device.read(0, detached))
    mustEqual('mm_stat', device.show('mm_stat'), before)
    mustEqual('failed writes', ioStat(device).failedWrites, 0)
    await compare(device, old, 'what was there before')
  },
}
