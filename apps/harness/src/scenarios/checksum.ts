import type { ZcompCtx } from '@zcomp/core'
import { mustEqual, mustRefuse } from '../broken.js'
import { withCtx } from '../faults.js'
import type { Scenario } from '../scenario.js'
import { compare, ioStat } from './fill.js'

export const checksum: Scenario = {
  id: 'device/checksum',
  claim:
    'With checksums on, a bit that flips in the memory of a stored page is an EIO, even where the codec would not notice.',
  modes: ['software'],
  async run({ ops, open }) {
    const damage = { now: false }
    const device = await open({ ops: withCtx(ops, (ctx) => damaging(ctx, damage)), checksum: true, disksize: '1M' })
    const text = new TextEncoder().encode('stored and then damaged; '.repeat(200)).subarray(0, 4096)
    await device.write(0, text)
    await device.write(4096, text)
    await compare(device, text, 'before the damage')
    damage.now = true
    await device.read(0, 4096).catch(() => {})
    damage.now = false
    await mustRefuse('reading the damaged page', 'EIO', () => device.read(0, 4096))
    await mustRefuse('the same, synchronously', 'EIO', () => device.readSync(0, new Uint8Array(4096)))
    await compare(device, text, 'the page beside it', 4096)
    await device.write(0, text)
    await compare(device, text, 'once it is written again')
    mustEqual('failed_reads', Math.min(ioStat(device).failedReads, 2), 2)
  },
}

/** What a codec is given to decompress is the stored page itself: the way to its memory. */
function damaging(ctx: ZcompCtx, damage: { now: boolean }): ZcompCtx {
  return {
    ...ctx,
    compress: (offset, length) => ctx.compress(offset, length),
    decompress(src, dst) {
      if (damage.now) src[src.length >> 1] = (src[src.length >> 1] ?? 0) ^ 16
      return ctx.decompress(src, dst)
    },
    [Symbol.dispose]: () => ctx[Symbol.dispose](),
  }
}
