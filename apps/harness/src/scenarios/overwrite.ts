import type { Scenario } from '../scenario.js'
import { compare } from './fill.js'
import { mirrored } from './mirror.js'

export const overwrite: Scenario = {
  id: 'device/overwrite',
  claim: 'A page written again and again, with contents of every size, holds the last one.',
  async run({ sample, open, random }) {
    const source = sample(512)
    const device = await open({ disksize: '1M' })
    const mirror = mirrored(device, 1024 * 1024)
    for (let i = 0; i < 2000; i++) {
      const from = Math.floor(random() * 512) * 4096
      await mirror.write(Math.floor(random() * 256) * 4096, source.subarray(from, from + 4096))
    }
    await compare(device, mirror.bytes, 'after 2000 overwrites')
  },
}
