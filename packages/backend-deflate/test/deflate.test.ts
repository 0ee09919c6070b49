import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { expectCorrupt, expectPage, makePage, press } from '@zcomp/conformance'
import type { ZcompCtx, ZcompParams } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { deflate } from '../src/index.js'

const pageSize = 4096
const text = makePage('text', pageSize)

async function context(params: Partial<ZcompParams> = {}): Promise<ZcompCtx> {
  const setup = await deflate().setupParams({ pageSize, ...params })
  if ('refused' in setup) throw new Error(`${setup.refused} ${setup.why}`)
  return setup.createCtx()
}

describe('the stream', () => {
  it('is raw, and of the kernel defaults: level 6, a window of 2 KiB, memLevel 8', async () => {
    const raw = deflateRawSync(text, { level: 6, windowBits: 11, memLevel: 8 })
    expect(press(await context(), text)).toEqual(new Uint8Array(raw))
  })

  it('goes both ways between this backend and zlib', async () => {
    const ctx = await context({ winbits: 15 })
    expect(new Uint8Array(inflateRawSync(press(ctx, text)))).toEqual(text)
    const back = new Uint8Array(pageSize)
    expect(ctx.decompress(deflateRawSync(text, { level: 9, memLevel: 9 }), back)).toBe(pageSize)
    expect(back).toEqual(text)
  })

  it('may have a tail, which is ignored as in the kernel', async () => {
    const ctx = await context()
    const back = new Uint8Array(pageSize)
    expect(ctx.decompress(Uint8Array.of(...press(ctx, text), 1, 2, 3), back)).toBe(pageSize)
    expect(back).toEqual(text)
  })

  it('of a page of noise fits the buffer, at 64 KiB and level 0 too', async () => {
    for (const params of [{}, { level: 0 }, { pageSize: 65536 }, { pageSize: 65536, level: 0 }]) {
      const size = params.pageSize ?? pageSize
      const ctx = await context(params)
      const noise = makePage('noise', size)
      const raw = press(ctx, noise)
      const back = new Uint8Array(size)
      expect(ctx.decompress(raw, back)).toBe(size)
      expect(back).toEqual(noise)
    }
  })
})

describe('parameters', () => {
  const size = async (params: Partial<ZcompParams>, page: Uint8Array = text): Promise<number> =>
    press(await context(params), page).length

  it('level: more is smaller, -1 is the library default, 0 stores', async () => {
    const [stored, fast, best] = [await size({ level: 0 }), await size({ level: 1 }), await size({ level: 9 })]
    expect(stored).toBeGreaterThan(pageSize)
    expect(stored).toBeGreaterThan(fast)
    expect(fast).toBeGreaterThan(best)
    expect(await size({ level: -1 })).toBe(await size({}))
  })

  it('winbits: a window that reaches the first half finds it in the second', async () => {
    const page = makePage('far-repeats', pageSize)
    expect(await size({ winbits: 12 }, page)).toBeLessThan(0.6 * (await size({ winbits: 9 }, page)))
  })

  const refusals: [string, Partial<ZcompParams>, keyof ZcompParams, RegExp][] = [
    ['a level above 9', { level: 10 }, 'level', /-1 to 9, not 10/],
    ['a level below -1', { level: -2 }, 'level', /-1 to 9, not -2/],
    ['a window of 8 bits', { winbits: 8 }, 'winbits', /9 to 15, not 8/],
    ['a window of 16 bits', { winbits: 16 }, 'winbits', /9 to 15, not 16/],
    ['a dictionary', { dict: new Uint8Array(64) }, 'dict', /not supported/],
    ['a page of 128 KiB', { pageSize: 131072 }, 'pageSize', /4096 to 65536, not 131072/],
  ]
  for (const [what, params, refused, why] of refusals) {
    it(`refuses by name ${what}`, async () => {
      const answer = await deflate().setupParams({ pageSize, ...params })
      expect(answer).toEqual({ refused, why: expect.stringMatching(why) })
    })
  }
})

describe('hostile bytes', () => {
  const wrong: [string, (raw: Uint8Array) => Uint8Array][] = [
    ['nothing', () => new Uint8Array()],
    ['a stream cut short', (raw) => raw.subarray(0, -1)],
    ['a bomb of 64 MiB', () => deflateRawSync(new Uint8Array(64 << 20))],
    ['one byte more than a page', () => deflateRawSync(new Uint8Array(pageSize + 1))],
    ['one byte less than a page', () => deflateRawSync(new Uint8Array(pageSize - 1))],
    ['a block of the reserved type', () => Uint8Array.of(0x07, 1, 2, 3)],
  ]
  for (const [what, make] of wrong) {
    it(`${what}: corrupt, nothing outside dst, and the context goes on`, async () => {
      const ctx = await context()
      const raw = press(ctx, text)
      expectCorrupt(ctx, make(raw), pageSize)
      expectPage(ctx, raw, text)
    })
  }
})
