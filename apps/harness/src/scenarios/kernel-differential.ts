import { predictKernel, type ZcompOps } from '@zcomp/core'
import { Broken, mustEqual } from '../broken.js'
import { firstDifference, kernelSizes } from '../kernel/golden.js'
import { addKernelZram, type KernelZram, whyNoKernelZram } from '../kernel/zram.js'
import type { Scenario, Setting } from '../scenario.js'
import { storedSizes } from '../sizes.js'
import { fill, mmColumns, mmStat } from './fill.js'

/** Backends whose encoder is the kernel's, size for size. The others write the same format with another encoder. */
const exact = new Set(['lz4', 'lzo', 'lzo-rle'])

export const kernelDifferential: Scenario = {
  id: 'kernel/differential',
  claim:
    "Each page takes as many bytes as in the kernel's zram, and mm_stat and the predicted memory equal the kernel's.",
  modes: ['software'],
  async run(setting) {
    const { ops, pages } = setting
    if (!exact.has(ops.name)) return { notClaimed: 'its encoder is not the one in the kernel' }
    const why = whyNoKernelZram(ops.name)
    if (why) return { skipped: why }
    const kernel = await addKernelZram(ops.name, pages.bytes.length)
    try {
      await compareWith(kernel, setting)
    } finally {
      kernel.remove()
    }
  },
}

async function compareWith(kernel: KernelZram, { ops, pages, open }: Setting): Promise<void> {
  const golden = await kernelSizes(kernel, pages.bytes)
  mustEqual('pages that the kernel gives back changed, from', await firstDifference(kernel, pages.bytes), -1)
  const ours = await storedSizes(ops, pages.bytes)
  comparePages(ops, ours, golden)
  const theirs = mmColumns(kernel.show('mm_stat'))
  mustEqual('predicted mem_used_total', predictKernel(ours).memUsed, theirs.mem_used_total)
  const device = await open({ disksize: pages.bytes.length })
  await fill(device, pages.bytes)
  const stat = mmStat(device)
  for (const column of ['orig_data_size', 'compr_data_size', 'same_pages', 'huge_pages'] as const) {
    mustEqual(`${column} of mm_stat`, stat[column], theirs[column])
  }
}

function comparePages({ name }: ZcompOps, ours: readonly number[], golden: readonly number[]): void {
  const differ = golden.flatMap((size, i) => (size === ours[i] ? [] : [i]))
  const first = differ[0]
  if (first === undefined) return
  const what = `${differ.length} of ${golden.length} pages differ in ${name}, the first is page ${first}`
  throw new Broken(what, `${golden[first]} bytes, as in the kernel`, `${ours[first]} bytes`)
}
