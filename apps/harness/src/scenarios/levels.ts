import type { Range } from '@zcomp/core'
import type { OpenOptions, Scenario } from '../scenario.js'
import { compare, fill } from './fill.js'

export const levels: Scenario = {
  id: 'device/levels',
  claim: 'At both ends of the claimed levels and windows, and with a dictionary, pages are read back equal.',
  async run({ ops, sample, open }) {
    const { levels, winbits, dict } = ops.caps
    const variants: OpenOptions['params'][] = [
      ...ends(levels).map((level) => ({ level })),
      ...ends(winbits).map((winbits) => ({ winbits })),
      ...(dict === 'none' ? [] : [{ dict: sample(2).subarray(0, Math.min(dict.maxBytes, 8192)) }]),
    ]
    if (variants.length === 0) return { notClaimed: 'no levels, windows or dictionaries' }
    const bytes = sample(128)
    for (const params of variants) {
      const device = await open({ params: params ?? {}, disksize: bytes.length })
      await fill(device, bytes)
      await compare(device, bytes, `with ${describe(params)}`)
      await device.close()
    }
  },
}

function ends(range: Range | 'none'): number[] {
  return range === 'none' ? [] : [range.min, range.max]
}

function describe(params: OpenOptions['params']): string {
  const entries = Object.entries(params ?? {})
  return entries.map(([key, value]) => `${key} ${typeof value === 'number' ? value : 'given'}`).join(', ')
}
