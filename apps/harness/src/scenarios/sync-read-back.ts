import { mustHold } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { requestBytes } from './fill.js'

export const syncReadBack: Scenario = {
  id: 'device/sync-read-back',
  claim: 'Synchronous writes and reads move the same bytes.',
  async run({ sample, open }) {
    const bytes = sample(1024)
    const device = await open({ disksize: bytes.length })
    for (let at = 0; at < bytes.length; at += requestBytes) device.writeSync(at, bytes.subarray(at, at + requestBytes))
    const into = new Uint8Array(bytes.length)
    device.readSync(0, into)
    mustHold('read in one piece', into, bytes)
  },
}
