import { must, mustRefuse } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { requestBytes } from './fill.js'

export const close: Scenario = {
  id: 'device/close',
  claim: 'Closing ends every accepted request once, may be done twice, and refuses what comes later with ENODEV.',
  async run({ sample, open }) {
    const bytes = sample(256)
    const device = await open({ disksize: bytes.length })
    let ended = 0
    let submitted = 0
    const count = (): void => {
      ended++
    }
    for (let at = 0; at < bytes.length; at += requestBytes, submitted++) {
      void device.write(at, bytes.subarray(at, at + requestBytes)).then(count, count)
    }
    await Promise.all([device.close(), device.close()])
    await new Promise((resolve) => setImmediate(resolve))
    must(ended === submitted, 'requests ended', submitted, ended)
    await mustRefuse('write after close', 'ENODEV', () => device.write(0, bytes))
    await mustRefuse('readSync after close', 'ENODEV', () => device.readSync(0, new Uint8Array(4096)))
    await device.close()
  },
}
