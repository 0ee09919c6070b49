import { Status, type ZcompCtx } from '@zcomp/core'
import { mustEqual, mustRefuse } from '../broken.js'
import { withCtx } from '../faults.js'
import { randomPage } from '../pages/made.js'
import type { Scenario } from '../scenario.js'
import { compare, ioStat } from './fill.js'

/** What a broken codec may answer instead of a length. */
const answers: readonly (number | 'throw')[] = [Status.fault, Number.NaN, 0, -1, 1.5, 1e9, 'throw']

export const failingCodec: Scenario = {
  id: 'device/failing-codec',
  claim: 'A write whose codec fails ends with EIO and leaves the old data; a page the codec declines is stored raw.',
  modes: ['software'],
  async run({ ops, sample, open, random }) {
    let answer: number | 'throw' | undefined
    const faulty = withCtx(ops, (ctx) => failing(ctx, () => answer))
    const device = await open({ ops: faulty, disksize: '1M' })
    const old = sample(16)
    await device.write(0, old)
    const page = randomPage(random)
    for (answer of answers) {
      await mustRefuse(`a write while compress answers ${answer}`, 'EIO', () => device.write(4096, page))
      await mustRefuse(`a synchronous write while compress answers ${answer}`, 'EIO', () =>
        device.writeSync(4096, page),
      )
    }
    await compare(device, old, 'after the failures')
    mustEqual('failed_writes', ioStat(device).failedWrites, 2 * answers.length)
    for (answer of [Status.declined, Status.noSpace]) await device.write(4096, page)
    await compare(device, page, 'the page declined', 4096)
  },
}

function failing(ctx: ZcompCtx, answer: () => number | 'throw' | undefined): ZcompCtx {
  return {
    ...ctx,
    compress(offset, length) {
      const instead = answer()
      if (instead === 'throw') throw new Error('a codec that throws')
      return instead ?? ctx.compress(offset, length)
    },
    decompress: (src, dst) => ctx.decompress(src, dst),
    [Symbol.dispose]: () => ctx[Symbol.dispose](),
  }
}
