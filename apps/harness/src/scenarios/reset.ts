import { mustEqual } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { compare, fill, mmStat } from './fill.js'

export const reset: Scenario = {
  id: 'device/reset',
  claim: 'Reset frees everything; given a disksize again, the device works as new.',
  async run({ sample, open }) {
    const bytes = sample(512)
    const device = await open({ disksize: bytes.length })
    for (let round = 0; round < 3; round++) {
      await fill(device, bytes)
      await compare(device, bytes, `round ${round}`)
      await device.reset()
      mustEqual('initstate after reset', device.show('initstate').trim(), '0')
      mustEqual('disksize after reset', device.show('disksize').trim(), '0')
      await device.store('disksize', String(bytes.length))
      mustEqual('initstate', device.show('initstate').trim(), '1')
      mustEqual('orig_data_size', mmStat(device).orig_data_size, 0)
      await compare(device, new Uint8Array(bytes.length), 'a fresh disk')
    }
  },
}
