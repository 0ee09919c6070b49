import { must, mustEqual } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { compare, mmStat } from './fill.js'

const terabyte = 2 ** 40

export const terabyteDisk: Scenario = {
  id: 'device/terabyte',
  claim: 'A disk of 1 TiB costs nothing until it is touched, and is there to its last byte.',
  async run({ sample, open }) {
    const before = process.memoryUsage().arrayBuffers
    const device = await open({ disksize: '1T' })
    const cost = process.memoryUsage().arrayBuffers - before
    must(cost < 4 * 1024 * 1024, 'bytes in buffers after creating it', 'under 4 MiB', cost)
    mustEqual('disksize', device.show('disksize').trim(), String(terabyte))
    const bytes = sample(8)
    for (const at of [0, 2 ** 32 - 4096, terabyte / 2, terabyte - bytes.length]) {
      await device.write(at, bytes)
      await compare(device, bytes, 'far out', at)
    }
    mustEqual('orig_data_size', mmStat(device).orig_data_size, 4 * bytes.length)
  },
}
