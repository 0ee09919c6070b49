import { type FaultRates, faults } from '@zcomp/accelerator'
import { type ManagedOptions, neverWait, type ZramDevice } from '@zcomp/core'
import { must, mustEqual } from '../broken.js'
import type { Scenario, Setting } from '../scenario.js'
import { compare, fill, mmStat } from './fill.js'

const deadlineMs = 250
const managed: ManagedOptions = { policy: neverWait(), deadlineMs, verify: 1, breaker: 'none', trace: 8192 }

/** No page is slower than its deadline by more than a software page. */
const rates: FaultRates['rates'] = {
  refuse: 0.05,
  fail: 0.05,
  throw: 0.02,
  reject: 0.02,
  hang: 0.002,
  delay: 0.05,
  corrupt: 0.05,
  length: 0.05,
  duplicate: 0.02,
}

export const managedDifferential: Scenario = {
  id: 'managed/differential',
  claim:
    'Software alone, engines without faults and engines with random faults leave the same contents and the same totals.',
  modes: ['managed'],
  async run(setting) {
    const { forms, ops, open, seed, sample } = setting
    const bytes = sample(512)
    const disksize = bytes.length
    const alone = await open({ ops: forms.software, disksize, managed: 'none' })
    const well = await open({ disksize, managed })
    const ill = await open({ ops: faults(ops, { seed, rates }), disksize, managed })
    for (const device of [alone, well, ill]) await writeTwice(setting, device, bytes)
    await compare(well, bytes, 'engines without faults')
    await compare(ill, bytes, 'engines with faults')
    const expected = mmStat(alone)
    for (const [what, device] of [['no faults', well] as const, ['faults', ill] as const]) {
      const seen = mmStat(device)
      for (const name of ['orig_data_size', 'compr_data_size', 'same_pages', 'huge_pages'] as const) {
        mustEqual(`${name}, ${what}, beside software alone`, seen[name], expected[name])
      }
    }
    const { managed: counts } = ill.stats()
    if (typeof counts === 'string') return
    must(counts.compressed > 0, 'pages that the faulty engines compressed', 'some', counts.compressed)
    must(counts.redone > 0, 'pages that they failed and software redid', 'some', counts.redone)
    mustEqual('pages that neither compressed', counts.failed, 0)
  },
}

/** The second time over other pages, so that slots are replaced too. */
async function writeTwice(_: Setting, device: ZramDevice, bytes: Uint8Array): Promise<void> {
  const shifted = new Uint8Array(bytes.length)
  shifted.set(bytes.subarray(bytes.length / 2))
  shifted.set(bytes.subarray(0, bytes.length / 2), bytes.length / 2)
  await fill(device, shifted)
  await fill(device, bytes)
}
