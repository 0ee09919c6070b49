import { mustEqual } from '../broken.js'
import { sameFilledPage, zeroPage } from '../pages/made.js'
import type { Scenario } from '../scenario.js'
import { compare, mmStat } from './fill.js'

const count = 128

export const sameFilled: Scenario = {
  id: 'device/same-filled',
  claim: 'Pages filled with one 8-byte word take no memory and come back whole.',
  async run({ open, random }) {
    const bytes = new Uint8Array(count * 4096)
    for (let i = 0; i < count; i++) bytes.set(i % 3 === 0 ? zeroPage() : sameFilledPage(random), i * 4096)
    const device = await open({ disksize: '1M' })
    await device.write(0, bytes)
    const stat = mmStat(device)
    mustEqual('same_pages', stat.same_pages, count)
    mustEqual('orig_data_size', stat.orig_data_size, bytes.length)
    mustEqual('compr_data_size', stat.compr_data_size, 0)
    mustEqual('mem_used_total', stat.mem_used_total, 0)
    await compare(device, bytes, 'read back')
  },
}
