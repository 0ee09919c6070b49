import { makePage, press, readGolden } from '@zcomp/conformance'
import { Status, type ZcompCtx, type ZcompParams } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { sw842 } from '../src/index.js'

const page = makePage('text', 4096)

async function context(pageSize = 4096): Promise<ZcompCtx> {
  const setup = await sw842().setupParams({ pageSize })
  if ('refused' in setup) throw new Error(`${setup.refused} ${setup.why}`)
  return setup.createCtx()
}

const refusals: [string, Partial<ZcompParams>, keyof ZcompParams][] = [
  ['a level', { level: 1 }, 'level'],
  ['a dictionary', { dict: page }, 'dict'],
  ['a window', { winbits: 12 }, 'winbits'],
  ['a page of 2 KiB', { pageSize: 2048 }, 'pageSize'],
]
it.each(refusals)('refuses %s by name', async (_, params, refused) => {
  expect(await sw842().setupParams({ pageSize: 4096, ...params })).toEqual({ refused, why: expect.any(String) })
})

describe('the checksum', () => {
  it('lets no damage through', async () => {
    const ctx = await context()
    const block = press(ctx, page)
    const back = new Uint8Array(4096)
    let refused = 0
    for (let at = 0; at < block.length; at++) {
      const changed = block.slice()
      changed[at]! ^= 1 << (at & 7)
      const got = ctx.decompress(changed, back)
      // A changed index may tell of a unit of the same value, and padding does not count.
      if (got === 4096) expect(Buffer.compare(back, page), `byte ${at}`).toBe(0)
      else expect([Status.corrupt, Status.noSpace]).toContain(got)
      if (got < 0) refused++
    }
    expect(refused).toBeGreaterThan(block.length - 20)
    expect(ctx.decompress(block, back)).toBe(4096)
    expect(Buffer.compare(back, page)).toBe(0)
  })
})

describe('a page', () => {
  it('is a multiple of 8 bytes long', async () => {
    const ctx = await context()
    for (const kind of ['text', 'noise', 'zero'] as const) {
      expect(press(ctx, makePage(kind, 4096)).length % 8, kind).toBe(0)
    }
  })

  it('is of no other number of bytes', async () => {
    const ctx = await context()
    const dst = new Uint8Array(4096)
    expect(ctx.decompress(press(ctx, page.subarray(0, 4095)), dst)).toBe(Status.corrupt)
    expect(ctx.decompress(press(await context(8192), makePage('text', 8192)), dst)).toBe(Status.noSpace)
    expect(ctx.decompress(new Uint8Array(), dst)).toBe(Status.corrupt)
  })

  it('is written today as it was when the golden pages were made', async () => {
    const [golden] = await readGolden(new URL('../golden/', import.meta.url))
    const ctx = await context()
    for (const { kind, size, seed, bytes } of golden!.pages) {
      expect(Buffer.from(press(ctx, makePage(kind, size, seed))).toString('base64'), kind).toBe(bytes)
    }
  })
})
