import { makePage, pageKinds, press, readGolden } from '@zcomp/conformance'
import { Status, type ZcompCtx, type ZcompOps, type ZcompParams } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { lzo, lzoRle } from '../src/index.js'

const backends = [lzo(), lzoRle()]

async function context(ops: ZcompOps, pageSize = 4096): Promise<ZcompCtx> {
  const setup = await ops.setupParams({ pageSize })
  if ('refused' in setup) throw new Error(`${setup.refused} ${setup.why}`)
  return setup.createCtx()
}

describe.each(backends)('$name', (ops) => {
  const refusals: [string, Partial<ZcompParams>, keyof ZcompParams][] = [
    ['a level', { level: 1 }, 'level'],
    ['a dictionary', { dict: makePage('text', 4096) }, 'dict'],
    ['a window', { winbits: 12 }, 'winbits'],
    ['a page of 2 KiB', { pageSize: 2048 }, 'pageSize'],
    ['a page of 128 KiB', { pageSize: 131_072 }, 'pageSize'],
  ]
  it.each(refusals)('refuses %s by name', async (_, params, refused) => {
    expect(await ops.setupParams({ pageSize: 4096, ...params })).toEqual({ refused, why: expect.any(String) })
  })

  it.each([4096, 16_384, 65_536])('reads the pages of both, of %i bytes', async (pageSize) => {
    const reader = await context(ops, pageSize)
    const back = new Uint8Array(pageSize)
    for (const writer of backends) {
      const ctx = await context(writer, pageSize)
      for (const kind of pageKinds) {
        const page = makePage(kind, pageSize, 5)
        expect(reader.decompress(press(ctx, page), back)).toBe(pageSize)
        expect(Buffer.compare(back, page), `${kind} by ${writer.name}`).toBe(0)
      }
    }
  })

  it('takes no other number of bytes for a page', async () => {
    const ctx = await context(ops)
    const dst = new Uint8Array(4096)
    expect(ctx.decompress(press(ctx, makePage('text', 4095)), dst)).toBe(Status.corrupt)
    expect(ctx.decompress(press(await context(ops, 8192), makePage('text', 8192)), dst)).toBe(Status.noSpace)
    expect(ctx.decompress(Uint8Array.of(0x11, 0, 0), dst)).toBe(Status.corrupt)
    expect(ctx.decompress(new Uint8Array(), dst)).toBe(Status.corrupt)
  })

  it('writes today what it wrote when its pages were compared with those of Linux', async () => {
    const [golden] = await readGolden(new URL(`../golden/${ops.name}/`, import.meta.url))
    const ctx = await context(ops)
    for (const { kind, size, seed, bytes } of golden!.pages) {
      expect(Buffer.from(press(ctx, makePage(kind, size, seed))).toString('base64'), kind).toBe(bytes)
    }
  })
})

describe('the two bitstreams', () => {
  it('differ by a header, and by what they make of zeros', async () => {
    const [plain, rle] = await Promise.all(backends.map((ops) => context(ops)))
    const noise = makePage('noise', 4096)
    expect([...press(rle!, noise).subarray(0, 2)]).toEqual([0x11, 1])
    expect(press(rle!, noise).length).toBe(press(plain!, noise).length + 2)
    const sparse = makePage('noise', 4096).fill(0, 100, 4000)
    expect(press(rle!, sparse).length).toBeLessThan(press(plain!, sparse).length)
  })
})
