import { simpleCtx, type ZcompCtx } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { Broken, expectCorrupt, expectPage, makePage, press } from '../src/index.js'
import { reference } from '../src/reference.js'

const page = makePage('text', 4096)

async function context(): Promise<ZcompCtx> {
  const setup = await reference().setupParams({ pageSize: 4096 })
  if ('refused' in setup) throw new Error(setup.why)
  return setup.createCtx()
}

describe('what tests of a backend are made of', () => {
  it('takes a good page and refuses a bad one', async () => {
    const ctx = await context()
    const bytes = press(ctx, page)
    expectPage(ctx, bytes, page)
    expectCorrupt(ctx, new Uint8Array(0), 4096)
  })

  it('says what was expected and what came', async () => {
    const ctx = await context()
    const bytes = press(ctx, page)
    expect(() => expectPage(ctx, bytes, makePage('text', 4096, 2))).toThrow(Broken)
    expect(() => expectCorrupt(ctx, bytes, 4096, 'a good page')).toThrow(
      'expected the answer of decompress of a good page to be Status.corrupt (-74), received 4096',
    )
  })

  it('sees a write outside of dst', () => {
    const wild = simpleCtx({
      pageSize: 4096,
      compress: (src, dst) => {
        dst.set(src)
        return src.length
      },
      decompress(src, dst) {
        new Uint8Array(dst.buffer)[dst.byteOffset + dst.length]! ^= 1
        dst.set(src)
        return dst.length
      },
    })
    const bytes = press(wild, page)
    expect(() => expectPage(wild, bytes, page)).toThrow('1 past the end')
  })
})
