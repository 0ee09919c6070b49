import type { Scenario } from '../scenario.js'
import { compare } from './fill.js'
import { mirrored } from './mirror.js'

const diskBytes = 256 * 1024

export const inFlightWrites: Scenario = {
  id: 'device/in-flight-writes',
  claim: 'Of overlapping writes outstanding at once, the last submitted wins, byte by byte.',
  async run({ sample, open, random }) {
    const source = sample(128)
    const device = await open({ disksize: diskBytes })
    const mirror = mirrored(device, diskBytes)
    const upTo = (n: number): number => Math.floor(random() * n)
    for (let round = 0; round < 40; round++) {
      const calls = Array.from({ length: 24 }, () => {
        const length = 1 + upTo(random() < 0.5 ? 3000 : 30_000)
        const at = upTo(diskBytes - length)
        if (random() < 0.1) return mirror.discard(at, length)
        if (random() < 0.1) return mirror.writeZeroes(at, length)
        const from = upTo(source.length - length)
        return mirror.write(at, source.slice(from, from + length))
      })
      await Promise.all(calls)
      await compare(device, mirror.bytes, `after round ${round}`)
    }
  },
}
