import type { Scenario } from '../scenario.js'
import { compare, fill } from './fill.js'

export const readBack: Scenario = {
  id: 'device/read-back',
  claim: 'Every page written is read back equal.',
  async run({ pages, open }) {
    const device = await open({ disksize: pages.bytes.length })
    await fill(device, pages.bytes)
    await compare(device, pages.bytes, 'after the fill')
  },
}
