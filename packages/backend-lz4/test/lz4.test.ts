import { expectCorrupt, expectPage, makePage, pageKinds, press } from '@zcomp/conformance'
import { Status, type ZcompCtx, ZcompError, type ZcompParams } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { type Lz4Codec, type Lz4Options, lz4 } from '../src/index.js'

const pageSize = 4096
const text = makePage('text', pageSize)
const codecs = ['wasm', 'napi'] as const satisfies Lz4Codec[]

async function context(codec: Lz4Codec, params: Partial<ZcompParams> = {}): Promise<ZcompCtx> {
  const setup = await lz4({ codec, accelerator: 'none' }).setupParams({ pageSize, ...params })
  if ('refused' in setup) throw new Error(`${setup.refused} ${setup.why}`)
  return setup.createCtx()
}

describe('options', () => {
  it('build the same backend in a worker', () => {
    expect(lz4().module).toEqual({
      url: expect.stringMatching(/^file:.*index/),
      factory: 'lz4',
      options: { codec: 'wasm', accelerator: 'none' },
    })
    expect(lz4({ codec: 'napi' }).module).toMatchObject({ options: { codec: 'napi' } })
  })

  it('that do not exist are named', () => {
    const make = (options: object) => () => lz4(options as Lz4Options)
    expect(make({ codec: 'rust' })).toThrow(ZcompError)
    expect(make({ codec: 'rust' })).toThrow(`lz4: option codec must be 'wasm' or 'napi', not "rust"`)
    expect(make({ engineCodec: 'rust' })).toThrow(
      `lz4: option engineCodec must be 'auto', 'wasm' or 'napi', not "rust"`,
    )
    expect(make({ accelerator: 3 })).toThrow(
      `lz4: option accelerator must be 'default', 'none' or what accelerator() makes, not 3`,
    )
  })
})

describe('parameters', () => {
  it('level is acceleration: more is larger; 1 is the default', async () => {
    const size = async (level?: number): Promise<number> =>
      press(await context('wasm', level === undefined ? {} : { level }), text).length
    expect(await size()).toBe(await size(1))
    expect(await size(8)).toBeGreaterThan(await size(1))
    expect(await size(65535)).toBeGreaterThan(await size(8))
  })

  const refusals: [string, Lz4Codec, Partial<ZcompParams>, keyof ZcompParams, RegExp][] = [
    ['level 0', 'wasm', { level: 0 }, 'level', /1 to 65535, not 0/],
    ['level 65536', 'wasm', { level: 65536 }, 'level', /1 to 65535, not 65536/],
    ['acceleration, which lz4-napi lacks,', 'napi', { level: 2 }, 'level', /1 to 1, not 2/],
    ['a dictionary above 64 KiB', 'wasm', { dict: new Uint8Array(65537) }, 'dict', /1 to 65536 bytes, not 65537/],
    ['a dictionary above 64 KiB', 'napi', { dict: new Uint8Array(65537) }, 'dict', /1 to 65536 bytes, not 65537/],
    ['a window', 'wasm', { winbits: 12 }, 'winbits', /not supported/],
    ['a page of 128 KiB', 'napi', { pageSize: 131072 }, 'pageSize', /4096 to 65536, not 131072/],
  ]
  for (const [what, codec, params, refused, why] of refusals) {
    it(`refuses by name ${what} (${codec})`, async () => {
      const answer = await lz4({ codec, accelerator: 'none' }).setupParams({ pageSize, ...params })
      expect(answer).toEqual({ refused, why: expect.stringMatching(why) })
    })
  }
})

describe('one format', () => {
  /** None, the smallest, one of a page, one that is no multiple of anything, and the largest. */
  const dictBytes = [0, 1, 7, 4096, 40001, 65536]
  for (const [writer, reader] of [
    ['wasm', 'napi'],
    ['napi', 'wasm'],
  ] as const) {
    for (const size of [4096, 65536]) {
      it(`${reader} reads what ${writer} wrote: pages of ${size}, with dictionaries and without`, async () => {
        for (const bytes of dictBytes) {
          const params = { pageSize: size, ...(bytes > 0 && { dict: makePage('text', bytes, 9) }) }
          const [from, to] = [await context(writer, params), await context(reader, params)]
          const back = new Uint8Array(size)
          for (const kind of pageKinds) {
            const page = makePage(kind, size, bytes)
            if (bytes >= 64) page.set(params.dict!.subarray(0, 64), size >> 1)
            expect(to.decompress(press(from, page), back)).toBe(size)
            expect(Buffer.compare(back, page), `${kind}, dictionary of ${bytes}`).toBe(0)
          }
        }
      })
    }
  }

  for (const codec of codecs) {
    it(`a dictionary makes pages smaller, and is needed to read them (${codec})`, async () => {
      const dict = makePage('text', 65536, 9)
      const block = press(await context(codec, { dict }), text)
      expect(block.length).toBeLessThan(press(await context(codec), text).length)
      expect((await context(codec)).decompress(block, new Uint8Array(pageSize))).toBe(Status.corrupt)
    })
  }
})

describe('hostile bytes', () => {
  const wrong: [string, (block: Uint8Array) => Uint8Array][] = [
    ['nothing', () => new Uint8Array()],
    ['a block cut short', (block) => block.subarray(0, -1)],
    ['an offset before the page', () => Uint8Array.of(0x10, 65, 0xff, 0xff, 0x50, 1, 2, 3, 4, 5)],
    ['a length that never ends', () => new Uint8Array(8192).fill(0xff)],
    ['more bytes than two pages', () => new Uint8Array(8193)],
    ['a prefix of lz4-napi', (block) => Uint8Array.of(0xff, 0xff, 0xff, 0xff, ...block)],
  ]
  for (const codec of codecs) {
    for (const [what, make] of wrong) {
      it(`${what}: corrupt, nothing outside dst, and the context goes on (${codec})`, async () => {
        const ctx = await context(codec)
        const block = press(ctx, text)
        expectCorrupt(ctx, make(block), pageSize)
        expectPage(ctx, block, text)
      })
    }
  }
})

describe('the adapter of lz4-napi', () => {
  it('stores no prefix', async () => {
    const block = press(await context('napi'), new Uint8Array(pageSize))
    expect(new DataView(block.buffer).getUint32(0, true)).not.toBe(pageSize)
    expect(block.length).toBeLessThan(40)
  })

  it('keeps nothing of an answer: the next page does not change the last', async () => {
    const ctx = await context('napi')
    const first = press(ctx, text)
    const copy = first.slice()
    press(ctx, makePage('noise', pageSize))
    expect(first).toEqual(copy)
  })
})
