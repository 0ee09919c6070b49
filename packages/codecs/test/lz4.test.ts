import { describe, expect, it } from 'vitest'
import { createLz4, lz4Spec } from '../src/lz4.js'
import { lz4Oracle } from './lz4-oracle.js'
import { describeCodec, packed } from './support/codec-suite.js'
import { makePage, type PageKind, pageKinds } from './support/pages.js'
import { seeded } from './support/random.js'

const bound = (n: number): number => n + Math.floor(n / 255) + 16

describeCodec({
  subject: { name: 'lz4', spec: () => lz4Spec({ pageSize: 4096 }), oracle: lz4Oracle() },
  create: (pageSize) => createLz4({ pageSize }),
  bound,
  tooSmall: [-28],
})

describe('the block format', () => {
  const ctx = createLz4({ pageSize: 4096 })
  const decoded = (...block: number[]): number[] | number => {
    const dst = new Uint8Array(64)
    const got = ctx.decompress(Uint8Array.from(block), dst)
    return got < 0 ? got : [...dst.subarray(0, got)]
  }

  it('reads what the format says', () => {
    expect(decoded(0x00)).toEqual([])
    expect(decoded(0x30, 1, 2, 3)).toEqual([1, 2, 3])
    expect(decoded(0x11, 7, 1, 0, 0x10, 9)).toEqual([7, 7, 7, 7, 7, 7, 9])
    expect(decoded(0x1f, 7, 1, 0, 0, 0x10, 9)).toEqual([...Array(20).fill(7), 9])
    expect(decoded(0xf0, 0, ...Array(15).fill(5))).toEqual(Array(15).fill(5))
  })

  it('refuses what it forbids', () => {
    expect(decoded()).toBe(-74)
    expect(decoded(0x30, 1, 2), 'literals that are not there').toBe(-74)
    expect(decoded(0xf0, 255), 'a length without an end').toBe(-74)
    expect(decoded(0x11, 7, 0, 0, 0x10, 9), 'offset 0').toBe(-74)
    expect(decoded(0x11, 7, 2, 0, 0x10, 9), 'a match before the start').toBe(-74)
    expect(decoded(0x11, 7, 1), 'half an offset').toBe(-74)
    expect(decoded(0x11, 7, 1, 0), 'a match at the end').toBe(-74)
    expect(decoded(0x1f, 7, 1, 0, 60, 0x10, 9), 'a match that does not fit').toBe(-28)
  })
})

describe("the kernel's sizes", () => {
  // Each page was written to a zram device of Linux 6.18 with comp_algorithm lz4, and its size taken from compr_data_size.
  // There a page of 3625 bytes or more is stored as it is.
  const storedByKernel = {
    text: [2017, 1993, 2007, 1961, 2054, 1997, 2057, 1950],
    records: [1984, 1937, 1943, 1957, 1969, 1924, 1959, 1946],
    noise: [4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096],
    periodic: [56, 85, 44, 73, 31, 61, 90, 49],
    sparse: [87, 146, 194, 248, 57, 111, 178, 237],
    mixed: [2283, 1719, 486, 1663, 1155, 2966, 927, 1841],
  }

  it.each(Object.entries(storedByKernel))('are met for %s', (kind, stored) => {
    const ctx = createLz4({ pageSize: 4096 })
    const sizes = stored.map((_, index) => packed(ctx, makePage(kind as PageKind, 4096, seeded(index + 1))).length)
    expect(sizes.map((size) => (size >= 3625 ? 4096 : size))).toEqual(stored)
  })
})

describe('acceleration', () => {
  it.each([1, 2, 8, 100, 65537])('gives pages back at %i', (acceleration) => {
    for (const pageSize of [4096, 65536]) {
      const ctx = createLz4({ pageSize, acceleration })
      for (const kind of pageKinds) {
        const page = makePage(kind, pageSize, seeded(acceleration))
        const back = new Uint8Array(pageSize)
        expect(ctx.decompress(packed(ctx, page), back)).toBe(pageSize)
        expect(Buffer.compare(back, page)).toBe(0)
      }
    }
  })

  it('trades size for speed', () => {
    const size = (acceleration: number): number =>
      packed(createLz4({ pageSize: 4096, acceleration }), makePage('text', 4096, seeded(1))).length
    expect(size(1)).toBeLessThan(size(32))
  })

  it.each([0, 65538, 1.5, Number.NaN])('refuses %d by name', (acceleration) => {
    expect(() => createLz4({ pageSize: 4096, acceleration })).toThrow(
      'acceleration must be a whole number from 1 to 65537',
    )
  })
})
