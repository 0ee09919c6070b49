import { describe, expect, it } from 'vitest'
import { createLz4 } from '../src/lz4.js'
import { createLz4hc, lz4hcSpec } from '../src/lz4hc.js'
import { lz4Oracle } from './lz4-oracle.js'
import { describeCodec, packed } from './support/codec-suite.js'
import { makePage, pageKinds } from './support/pages.js'
import { seeded } from './support/random.js'

const bound = (n: number): number => n + Math.floor(n / 255) + 16
const dict = makePage('text', 3000, seeded(99))

describe('without a dictionary', () => {
  describeCodec({
    subject: { name: 'lz4hc', spec: () => lz4hcSpec({ pageSize: 4096 }), oracle: lz4Oracle() },
    create: (pageSize) => createLz4hc({ pageSize }),
    bound,
    tooSmall: [-28],
  })
})

describe('with a dictionary', () => {
  describeCodec({
    subject: { name: 'lz4hc-dict', spec: () => lz4hcSpec({ pageSize: 4096, dict }), oracle: lz4Oracle(dict) },
    create: (pageSize) => createLz4hc({ pageSize, dict }),
    bound,
    tooSmall: [-28],
  })

  it.each([1, 3, 4, 5, 1000, 61_440, 61_441, 65_536])('of %i bytes', (length) => {
    const words = makePage('mixed', length, seeded(length))
    for (const pageSize of [4096, 65_536]) {
      const ctx = createLz4hc({ pageSize, dict: words, level: 5 })
      const echo = new Uint8Array(pageSize)
      for (let at = 0; at < pageSize; at += length) echo.set(words.subarray(0, Math.min(length, pageSize - at)), at)
      for (const page of [...pageKinds.map((kind) => makePage(kind, pageSize, seeded(length))), echo]) {
        const back = new Uint8Array(pageSize)
        expect(ctx.decompress(packed(ctx, page), back)).toBe(pageSize)
        expect(Buffer.compare(back, page)).toBe(0)
      }
    }
  })

  it('makes a page small that repeats any part of it', () => {
    const words = makePage('noise', 65_536, seeded(1))
    const ctx = createLz4hc({ pageSize: 4096, dict: words })
    for (const at of [5000, 20_000, 61_440]) expect(packed(ctx, words.slice(at, at + 4096)).length).toBeLessThan(40)
  })
})

describe('levels', () => {
  const levels = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

  it.each(levels)('gives pages back at level %i', (level) => {
    for (const pageSize of [4096, 65_536]) {
      const ctx = createLz4hc({ pageSize, level })
      const plain = createLz4({ pageSize })
      for (const kind of pageKinds) {
        const page = makePage(kind, pageSize, seeded(level))
        const back = new Uint8Array(pageSize)
        expect(plain.decompress(packed(ctx, page), back)).toBe(pageSize)
        expect(Buffer.compare(back, page)).toBe(0)
      }
    }
  })

  it('make blocks smaller than lz4 does, and smaller as they rise', () => {
    const total = (ctx: ReturnType<typeof createLz4>): number => {
      const random = seeded(3)
      let sum = 0
      for (let times = 0; times < 60; times++) sum += packed(ctx, makePage('mixed', 4096, random)).length
      return sum
    }
    const fast = total(createLz4({ pageSize: 4096 }))
    const [least, middle, most] = [3, 9, 12].map((level) => total(createLz4hc({ pageSize: 4096, level }))) as [
      number,
      number,
      number,
    ]
    expect(least).toBeLessThan(fast)
    expect(middle).toBeLessThan(least)
    expect(most).toBeLessThanOrEqual(middle)
  })

  it('default to 9', () => {
    const page = makePage('text', 4096, seeded(3))
    const size = (options: object): number => packed(createLz4hc({ pageSize: 4096, ...options }), page).length
    expect(size({})).toBe(size({ level: 9 }))
    expect(size({})).not.toBe(size({ level: 3 }))
  })

  it.each([2, 13, 4.5, Number.NaN])('refuses %d by name', (level) => {
    expect(() => createLz4hc({ pageSize: 4096, level })).toThrow(
      `level must be a whole number from 3 to 12, not ${level}`,
    )
  })
})
