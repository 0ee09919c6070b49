import { describe, expect, it } from 'vitest'
import { createLz4, lz4Spec } from '../src/lz4.js'
import { lz4Oracle } from './lz4-oracle.js'
import { describeCodec, packed } from './support/codec-suite.js'
import { makePage, pageKinds } from './support/pages.js'
import { seeded } from './support/random.js'

const dict = makePage('text', 3000, seeded(99))

describeCodec({
  subject: { name: 'lz4-dict', spec: () => lz4Spec({ pageSize: 4096, dict }), oracle: lz4Oracle(dict) },
  create: (pageSize) => createLz4({ pageSize, dict }),
  bound: (n) => n + Math.floor(n / 255) + 16,
  tooSmall: [-28],
})

describe('a dictionary', () => {
  it.each([1, 3, 4, 16, 1000, 4096, 32768, 61440, 61441, 65535, 65536])('of %i bytes', (length) => {
    const words = makePage('mixed', length, seeded(length))
    for (const pageSize of [4096, 65536]) {
      const ctx = createLz4({ pageSize, dict: words })
      const oracle = lz4Oracle(words)
      const pages = pageKinds.map((kind) => makePage(kind, pageSize, seeded(length)))
      const echo = new Uint8Array(pageSize)
      for (let at = 0; at < pageSize; at += length) echo.set(words.subarray(0, Math.min(length, pageSize - at)), at)
      for (const page of [...pages, echo]) {
        const block = packed(ctx, page)
        const back = new Uint8Array(pageSize)
        expect(ctx.decompress(block, back)).toBe(pageSize)
        expect(Buffer.compare(back, page)).toBe(0)
        expect(Buffer.compare(oracle(block, pageSize) as Uint8Array, page)).toBe(0)
      }
    }
  })

  it('makes a page small that repeats it', () => {
    for (const length of [5000, 65_536]) {
      const words = makePage('noise', length, seeded(1))
      const ctx = createLz4({ pageSize: 4096, dict: words })
      expect(packed(ctx, words.slice(-4096)).length).toBeLessThan(60)
    }
  })

  it('is a copy', () => {
    const mine = dict.slice()
    const ctx = createLz4({ pageSize: 4096, dict: mine })
    const page = makePage('text', 4096, seeded(5))
    const block = packed(ctx, page)
    mine.fill(0)
    const back = new Uint8Array(4096)
    expect(Buffer.compare(packed(ctx, page), block)).toBe(0)
    expect(ctx.decompress(block, back)).toBe(4096)
    expect(Buffer.compare(back, page)).toBe(0)
  })

  it('that is missing or another does no harm', () => {
    const block = packed(createLz4({ pageSize: 4096, dict }), dict.slice(0, 2500))
    for (const other of [createLz4({ pageSize: 4096 }), createLz4({ pageSize: 4096, dict: dict.slice(2000) })]) {
      expect(other.decompress(block, new Uint8Array(2500))).toBe(-74)
    }
  })

  it.each([0, 65537])('of %i bytes is refused by name', (length) => {
    const bad = new Uint8Array(length)
    expect(() => createLz4({ pageSize: 4096, dict: bad })).toThrow(
      `dict.length must be a whole number from 1 to 65536, not ${length}`,
    )
  })
})
