import { lz4 } from '@zcomp/backend-lz4'
import { makePage, pageKinds, press } from '@zcomp/conformance'
import { Status, type ZcompCtx, type ZcompOps, type ZcompParams } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { lz4hc } from '../src/index.js'

const pageSize = 4096
const text = makePage('text', pageSize)

async function context(params: Partial<ZcompParams> = {}, ops: ZcompOps = lz4hc()): Promise<ZcompCtx> {
  const setup = await ops.setupParams({ pageSize, ...params })
  if ('refused' in setup) throw new Error(`${setup.refused} ${setup.why}`)
  return setup.createCtx()
}

describe('levels', () => {
  it('go from fast to small, and 9 is the default', async () => {
    const size = async (level?: number): Promise<number> =>
      press(await context(level === undefined ? {} : { level }), text).length
    expect(await size(12)).toBeLessThan(await size(3))
    expect(await size()).toBe(await size(9))
    expect(await size(3)).toBeLessThan(press(await context({}, lz4()), text).length)
  })

  const refusals: [string, Partial<ZcompParams>, keyof ZcompParams, RegExp][] = [
    ['level 2', { level: 2 }, 'level', /3 to 12, not 2/],
    ['level 13', { level: 13 }, 'level', /3 to 12, not 13/],
    ['a dictionary above 64 KiB', { dict: new Uint8Array(65537) }, 'dict', /1 to 65536 bytes, not 65537/],
    ['a window', { winbits: 12 }, 'winbits', /not supported/],
    ['a page of 2 KiB', { pageSize: 2048 }, 'pageSize', /4096 to 65536, not 2048/],
  ]
  for (const [what, params, refused, why] of refusals) {
    it(`refuse by name ${what}`, async () => {
      const answer = await lz4hc().setupParams({ pageSize, ...params })
      expect(answer).toEqual({ refused, why: expect.stringMatching(why) })
    })
  }
})

describe('the format of lz4', () => {
  it('is its name', () => {
    expect(lz4hc().format).toBe(lz4().format)
  })

  for (const bytes of [0, 1, 4096, 40001, 65536]) {
    it(`goes both ways, with a dictionary of ${bytes}`, async () => {
      for (const size of [4096, 65536]) {
        const params = { pageSize: size, ...(bytes > 0 && { dict: makePage('text', bytes, 9) }) }
        const hc = await context(params)
        const back = new Uint8Array(size)
        for (const codec of ['wasm', 'napi'] as const) {
          const fast = await context(params, lz4({ codec }))
          for (const kind of pageKinds) {
            const page = makePage(kind, size, bytes)
            expect(fast.decompress(press(hc, page), back)).toBe(size)
            expect(Buffer.compare(back, page), `${kind} of ${size}, read by ${codec}`).toBe(0)
            expect(hc.decompress(press(fast, page), back)).toBe(size)
            expect(Buffer.compare(back, page), `${kind} of ${size}, written by ${codec}`).toBe(0)
          }
        }
      }
    })
  }
})

describe('a dictionary', () => {
  it('makes pages smaller, and is needed to read them', async () => {
    const dict = makePage('text', 65536, 9)
    const block = press(await context({ dict }), text)
    expect(block.length).toBeLessThan(press(await context(), text).length)
    expect((await context()).decompress(block, new Uint8Array(pageSize))).toBe(Status.corrupt)
  })
})
