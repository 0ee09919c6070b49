import { must, mustEqual } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { compare, fill, mmStat } from './fill.js'
import { mirrored } from './mirror.js'

export const discard: Scenario = {
  id: 'device/discard',
  claim: 'Discarded pages read as zeroes, parts of pages stay, and all memory comes back.',
  async run({ sample, open }) {
    const bytes = sample(1024)
    const device = await open({ disksize: bytes.length })
    await fill(device, bytes)
    const mirror = mirrored(device, bytes.length)
    mirror.bytes.set(bytes)
    await mirror.discard(4096 * 3 + 100, 4096 * 4)
    await mirror.writeZeroes(4096 * 20 + 7, 4096 * 2)
    await compare(device, mirror.bytes, 'after discarding four pages, not aligned')
    must(mmStat(device).mem_used_total > 0, 'memory is held before', 'above 0', 0)
    await device.discard(0, bytes.length)
    const stat = mmStat(device)
    mustEqual('orig_data_size', stat.orig_data_size, 0)
    mustEqual('compr_data_size', stat.compr_data_size, 0)
    await compare(device, new Uint8Array(bytes.length), 'after discarding all')
    await device.store('compact', '1')
    mustEqual('mem_used_total', mmStat(device).mem_used_total, 0)
  },
}
