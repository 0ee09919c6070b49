import { mustEqual, mustRefuse } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { compare, fill } from './fill.js'

export const algorithms: Scenario = {
  id: 'device/algorithms',
  claim: 'comp_algorithm names what there is, changes only before the size is set, and a reset device takes another.',
  modes: ['software'],
  async run({ ops, backends, sample, open }) {
    const bytes = sample(128)
    const device = await open({ backends, algorithm: ops.name, disksize: bytes.length })
    const listed = device.show('comp_algorithm').trim().split(' ')
    mustEqual('the one in brackets', listed.filter((word) => word.startsWith('[')).join(), `[${ops.name}]`)
    mustEqual('algorithms listed', listed.length, backends.length)
    await mustRefuse('changing it on an initialised device', 'EBUSY', () => device.store('comp_algorithm', ops.name))
    await mustRefuse('a name that does not exist', 'EINVAL', () => device.store('comp_algorithm', 'no-such'))
    for (const { name } of [...backends, ops]) {
      await device.reset()
      await device.store('comp_algorithm', name)
      await device.store('disksize', String(bytes.length))
      await fill(device, bytes)
      await compare(device, bytes, `over ${name}`)
    }
  },
}
