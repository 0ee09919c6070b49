import { Status, type ZcompCtx } from '@zcomp/core'
import { mustEqual, mustRefuse } from '../broken.js'
import { withCtx } from '../faults.js'
import type { Scenario } from '../scenario.js'
import { compare, ioStat } from './fill.js'

const answers: readonly (number | 'throw')[] = [
  Status.corrupt,
  Status.noSpace,
  Status.fault,
  4095,
  0,
  Number.NaN,
  'throw',
]

export const corruptPage: Scenario = {
  id: 'device/corrupt-page',
  claim: 'A page that does not decompress whole is an EIO, never data, and the pages beside it stay readable.',
  modes: ['software'],
  async run({ ops, open }) {
    let answer: number | 'throw' | undefined
    const faulty = withCtx(ops, (ctx) => failing(ctx, () => answer))
    const device = await open({ ops: faulty, disksize: '1M' })
    const text = new TextEncoder().encode('a page that compresses well; '.repeat(200)).subarray(0, 4096)
    await device.write(0, text)
    await device.write(4096, new Uint8Array(4096).fill(7))
    for (answer of answers) {
      await mustRefuse(`a read while decompress answers ${answer}`, 'EIO', () => device.read(0, 4096))
      await mustRefuse(`a synchronous read while decompress answers ${answer}`, 'EIO', () =>
        device.readSync(0, new Uint8Array(4096)),
      )
      await mustRefuse(`a partial write while decompress answers ${answer}`, 'EIO', () =>
        device.write(10, text.subarray(0, 5)),
      )
      await compare(device, new Uint8Array(4096).fill(7), 'the same-filled page beside it', 4096)
    }
    mustEqual('failed_reads', ioStat(device).failedReads, 2 * answers.length)
    answer = undefined
    await compare(device, text, 'once the codec works again')
  },
}

function failing(ctx: ZcompCtx, answer: () => number | 'throw' | undefined): ZcompCtx {
  return {
    ...ctx,
    compress: (offset, length) => ctx.compress(offset, length),
    decompress(src, dst) {
      const instead = answer()
      if (instead === 'throw') throw new Error('a codec that throws')
      return instead ?? ctx.decompress(src, dst)
    },
    [Symbol.dispose]: () => ctx[Symbol.dispose](),
  }
}
