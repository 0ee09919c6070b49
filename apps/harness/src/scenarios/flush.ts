import { mustEqual } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { requestBytes } from './fill.js'

export const flush: Scenario = {
  id: 'device/flush',
  claim: 'flush ends after every write that was accepted before it.',
  async run({ sample, open }) {
    const bytes = sample(512)
    const device = await open({ disksize: bytes.length })
    let ended = 0
    let submitted = 0
    for (let at = 0; at < bytes.length; at += requestBytes, submitted++) {
      void device.write(at, bytes.subarray(at, at + requestBytes)).then(() => {
        ended++
      })
    }
    await device.flush()
    mustEqual('writes ended when flush ends', ended, submitted)
  },
}
