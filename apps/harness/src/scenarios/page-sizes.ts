import { mustRefuse } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { compare, fill } from './fill.js'

export const pageSizes: Scenario = {
  id: 'device/page-sizes',
  claim: 'Pages of 4 to 64 KiB work as far as the backend claims them, and are refused by name beyond.',
  async run({ ops, sample, open }) {
    const bytes = sample(512)
    const { min, max } = ops.caps.pageSizes
    for (const pageSize of [4096, 8192, 16384, 32768, 65536]) {
      if (pageSize < min || pageSize > max) {
        await mustRefuse(`a page size of ${pageSize}, not claimed`, 'EINVAL', () => open({ pageSize }))
        continue
      }
      const device = await open({ pageSize, disksize: bytes.length })
      await fill(device, bytes)
      await device.write(5000, bytes.subarray(100, 70_000))
      const expected = bytes.slice()
      expected.set(bytes.subarray(100, 70_000), 5000)
      await compare(device, expected, `with pages of ${pageSize} bytes`)
      await device.close()
    }
    await mustRefuse('a page size of 2048', 'EINVAL', () => open({ pageSize: 2048 }))
    await mustRefuse('a page size of 131072', 'EINVAL', () => open({ pageSize: 131072 }))
  },
}
