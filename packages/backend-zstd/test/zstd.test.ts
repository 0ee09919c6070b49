import { readFileSync } from 'node:fs'
import { expectCorrupt, expectPage, makePage, press } from '@zcomp/conformance'
import { Status, type ZcompCtx, type ZcompParams } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import * as library from 'zstd-napi'
import { zstd } from '../src/index.js'

const pageSize = 4096
const text = makePage('text', pageSize)
/** Trained by the zstd library on text pages; its id is 1544221758. */
const formatted = new Uint8Array(readFileSync(new URL('./fixtures/formatted.dict', import.meta.url)))

async function context(params: Partial<ZcompParams> = {}): Promise<ZcompCtx> {
  const setup = await zstd().setupParams({ pageSize, ...params })
  if ('refused' in setup) throw new Error(`${setup.refused} ${setup.why}`)
  return setup.createCtx()
}

/** The frame header's descriptor: how long the fields of size and dictionary are, and whether there is a checksum. */
function header(frame: Uint8Array): {
  magic: number
  sizeFlag: number
  single: boolean
  checksum: boolean
  id: number
} {
  const view = new DataView(frame.buffer, frame.byteOffset)
  const bits = view.getUint8(4)
  return {
    magic: view.getUint32(0, true),
    sizeFlag: bits >> 6,
    single: (bits & 0x20) !== 0,
    checksum: (bits & 4) !== 0,
    id: bits & 3,
  }
}

describe('the frame', () => {
  it('is a standard one, with the size of the page, without checksum and dictionary id', async () => {
    const frame = press(await context(), text)
    expect(header(frame)).toEqual({ magic: 0xfd2fb528, sizeFlag: 1, single: true, checksum: false, id: 0 })
  })

  it('names a formatted dictionary and no raw one', async () => {
    expect(header(press(await context({ dict: text.slice(0, 2048) }), text)).id).toBe(0)
    expect(header(press(await context({ dict: formatted }), text)).id).toBe(3)
  })

  it('goes both ways between this backend and the library', async () => {
    const ctx = await context()
    expect(library.decompress(press(ctx, text))).toEqual(Buffer.from(text))
    const back = new Uint8Array(pageSize)
    expect(ctx.decompress(library.compress(text, { compressionLevel: 19, checksumFlag: true }), back)).toBe(pageSize)
    expect(back).toEqual(text)
  })
})

describe('levels', () => {
  const sizes = async (levels: (number | undefined)[]): Promise<number[]> =>
    Promise.all(levels.map(async (level) => press(await context(level === undefined ? {} : { level }), text).length))

  it('change what is written, from fast to small', async () => {
    const [fastest, fast, three, best] = await sizes([-131072, -5, 3, 22])
    expect(fastest).toBeGreaterThan(fast!)
    expect(fast).toBeGreaterThan(three!)
    expect(three).toBeGreaterThan(best!)
  })

  it('default to 3', async () => {
    const [absent, three] = await sizes([undefined, 3])
    expect(absent).toBe(three)
  })
})

describe('dictionaries', () => {
  for (const [kind, dict] of [
    ['raw', makePage('text', 8192, 7)],
    ['formatted', formatted],
  ] as const) {
    it(`${kind}: makes pages smaller, and is needed to read them`, async () => {
      const ctx = await context({ dict })
      const frame = press(ctx, text)
      expect(frame.length).toBeLessThan(press(await context(), text).length)

      const back = new Uint8Array(pageSize)
      expect(ctx.decompress(frame, back)).toBe(pageSize)
      expect(back).toEqual(text)
      expect((await context()).decompress(frame, back)).toBe(Status.corrupt)
    })
  }

  it('of another identity do not read a page', async () => {
    const frame = press(await context({ dict: formatted }), text)
    const other = formatted.slice()
    other[4]! ^= 1
    expect((await context({ dict: other })).decompress(frame, new Uint8Array(pageSize))).toBe(Status.corrupt)
  })

  it('are kept as a private copy', async () => {
    const dict = makePage('text', 4096, 7)
    const ctx = await context({ dict })
    const before = press(ctx, text)
    dict.fill(0)
    expect(press(ctx, text)).toEqual(before)
  })

  it('may be as long as caps say, and are used to their first byte', async () => {
    const dict = makePage('noise', 1024 * 1024, 3)
    const ctx = await context({ dict })
    expect(press(ctx, dict.slice(0, pageSize)).length).toBeLessThan(64)
    expect(press(ctx, dict.slice(-pageSize)).length).toBeLessThan(64)
  })
})

describe('refusals', () => {
  const refusals: [string, Partial<ZcompParams>, keyof ZcompParams, RegExp][] = [
    ['a level above 22', { level: 23 }, 'level', /-131072 to 22, not 23/],
    ['a level below the lowest', { level: -131073 }, 'level', /-131072 to 22, not -131073/],
    ['a window', { winbits: 12 }, 'winbits', /not supported/],
    ['a page of 2 KiB', { pageSize: 2048 }, 'pageSize', /4096 to 65536, not 2048/],
    ['a dictionary that is too long', { dict: new Uint8Array(1024 * 1024 + 1) }, 'dict', /1 to 1048576 bytes/],
    ['a raw dictionary that zstd would ignore', { dict: new Uint8Array(7) }, 'dict', /at least 8 bytes, not 7/],
    ['a formatted dictionary that is damaged', { dict: formatted.slice(0, 40) }, 'dict', /damaged/],
  ]
  for (const [what, params, refused, why] of refusals) {
    it(`names ${what}`, async () => {
      const answer = await zstd().setupParams({ pageSize, ...params })
      expect(answer).toEqual({ refused, why: expect.stringMatching(why) })
    })
  }
})

describe('hostile bytes', () => {
  const wrong: [string, (frame: Uint8Array) => Uint8Array][] = [
    ['nothing', () => new Uint8Array()],
    ['a frame cut short', (frame) => frame.subarray(0, -1)],
    ['a frame with a tail', (frame) => Uint8Array.of(...frame, 0)],
    ['two frames', (frame) => Uint8Array.of(...frame, ...frame)],
    ['a skippable frame alone', () => Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9)],
    ['a frame that claims a TiB', () => Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0)],
    ['a page of another size', () => library.compress(new Uint8Array(1024 * 1024))],
    ['a shorter page', () => library.compress(new Uint8Array(pageSize - 1))],
  ]
  for (const [what, make] of wrong) {
    it(`${what}: corrupt, nothing outside dst, and the context goes on`, async () => {
      const ctx = await context()
      const frame = press(ctx, text)
      expectCorrupt(ctx, make(frame), pageSize)
      expectPage(ctx, frame, text)
    })
  }
})
