import type { Scenario } from '../scenario.js'
import { compare, fill } from './fill.js'

export const twoDevices: Scenario = {
  id: 'device/two-devices',
  claim:
    'Devices of one backend that work at the same time share nothing that shows, and one may go while the other works.',
  async run({ sample, open }) {
    const left = sample(512)
    const right = left.slice().reverse()
    const [a, b] = await Promise.all([open({ disksize: left.length }), open({ disksize: right.length })])
    await Promise.all([fill(a, left), fill(b, right)])
    await Promise.all([compare(a, left, 'the first'), compare(b, right, 'the second')])
    const more = fill(b, left)
    await a.close()
    await more
    await compare(b, left, 'the second, after the first was closed')
  },
}
