import { mustHold } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { compare } from './fill.js'
import { mirrored } from './mirror.js'

const diskBytes = 256 * 1024

export const syncDuringAsync: Scenario = {
  id: 'device/sync-during-async',
  claim: 'Synchronous calls made while asynchronous ones are out take their place in the same order.',
  async run({ sample, open, random }) {
    const source = sample(128)
    const device = await open({ disksize: diskBytes })
    const mirror = mirrored(device, diskBytes)
    const upTo = (n: number): number => Math.floor(random() * n)
    for (let round = 0; round < 30; round++) {
      const out: Promise<void>[] = []
      for (let i = 0; i < 16; i++) {
        const length = 1 + upTo(12_000)
        const at = upTo(diskBytes - length)
        const from = upTo(source.length - length)
        const bytes = source.slice(from, from + length)
        if (i % 4 === 3) {
          mirror.writeSync(at, bytes)
          const got = new Uint8Array(length)
          device.readSync(at, got)
          mustHold(`round ${round}: what was just written at ${at}`, got, bytes)
        } else out.push(mirror.write(at, bytes))
      }
      await Promise.all(out)
      await compare(device, mirror.bytes, `after round ${round}`)
    }
  },
}
