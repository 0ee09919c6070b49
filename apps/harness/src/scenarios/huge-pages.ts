import { mustEqual } from '../broken.js'
import { randomPage } from '../pages/made.js'
import type { Scenario } from '../scenario.js'
import { compare, mmStat } from './fill.js'

const count = 128

export const hugePages: Scenario = {
  id: 'device/huge-pages',
  claim: 'Pages that do not compress are stored raw, counted at full size, and come back whole.',
  async run({ open, random, sample }) {
    const bytes = new Uint8Array(count * 4096)
    for (let i = 0; i < count; i++) bytes.set(randomPage(random), i * 4096)
    const device = await open({ disksize: '1M' })
    await device.write(0, bytes)
    const stat = mmStat(device)
    mustEqual('huge_pages', stat.huge_pages, count)
    mustEqual('compr_data_size', stat.compr_data_size, bytes.length)
    await compare(device, bytes, 'read back')
    await device.write(0, new Uint8Array(bytes.length))
    mustEqual('huge_pages after overwriting', mmStat(device).huge_pages, 0)
    mustEqual('huge_pages_since keeps counting', mmStat(device).huge_pages_since, count)
    await device.write(0, sample(16))
  },
}
