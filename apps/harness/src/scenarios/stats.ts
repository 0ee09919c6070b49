import { predictKernel } from '@zcomp/core'
import { must, mustEqual } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { storedSizes } from '../sizes.js'
import { fill, ioStat, mmStat } from './fill.js'

export const stats: Scenario = {
  id: 'device/stats',
  claim:
    'mm_stat, io_stat and debug_stat count what is there, agree with each other, and memory is close to what the kernel would hold.',
  async run({ ops, sample, open }) {
    const bytes = sample(2048)
    const device = await open({ disksize: bytes.length })
    await fill(device, bytes)
    const sizes = await storedSizes(ops, bytes)
    const predicted = predictKernel(sizes)
    const stat = mmStat(device)
    mustEqual('orig_data_size', stat.orig_data_size, bytes.length)
    mustEqual('compr_data_size, from the codec page by page', stat.compr_data_size, predicted.comprDataSize)
    mustEqual('huge_pages', stat.huge_pages, predicted.hugePages)
    mustEqual('huge_pages_since', stat.huge_pages_since, predicted.hugePages)
    mustEqual('same_pages', stat.same_pages, sizes.filter((size) => size === 0).length)
    must(
      stat.mem_used_total >= stat.compr_data_size,
      'mem_used_total',
      `${stat.compr_data_size} or more`,
      stat.mem_used_total,
    )
    const most = predicted.memUsed * 1.03 + 2 * 1024 * 1024
    must(stat.mem_used_total <= most, 'mem_used_total', `${most} at most`, stat.mem_used_total)
    must(stat.mem_used_max >= stat.mem_used_total, 'mem_used_max', `${stat.mem_used_total} or more`, stat.mem_used_max)
    const { failedReads, failedWrites } = ioStat(device)
    mustEqual('failed reads and writes', failedReads + failedWrites, 0)
    mustEqual('debug_stat', device.show('debug_stat').split('\n')[0] ?? '', 'version: 1')
  },
}
