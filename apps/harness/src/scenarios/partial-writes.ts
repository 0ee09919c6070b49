import { mustHold } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { compare } from './fill.js'
import { mirrored } from './mirror.js'

const diskBytes = 512 * 1024

export const partialWrites: Scenario = {
  id: 'device/partial-writes',
  claim: 'Writes and reads of any offset and length change and see exactly their bytes.',
  async run({ sample, open, random }) {
    const source = sample(256)
    const device = await open({ disksize: diskBytes })
    const mirror = mirrored(device, diskBytes)
    const upTo = (n: number): number => Math.floor(random() * n)
    for (let i = 0; i < 600; i++) {
      const length = 1 + upTo(i % 10 === 0 ? 40_000 : 5000)
      const at = upTo(diskBytes - length)
      const from = upTo(source.length - length)
      await mirror.write(at, source.subarray(from, from + length))
      const probe = upTo(diskBytes - 9000)
      const got = await device.read(probe, 1 + upTo(9000))
      mustHold(
        `read ${i} of ${got.length} bytes from offset ${probe}`,
        got,
        mirror.bytes.subarray(probe, probe + got.length),
      )
    }
    await compare(device, mirror.bytes, 'at the end')
  },
}
