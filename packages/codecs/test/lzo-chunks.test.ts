import { describe, expect, it } from 'vitest'
import { createLzo } from '../src/lzo.js'
import { xorshift } from './lzo-842-vectors.js'
import { lzoOracle } from './lzo-oracle.js'
import { packed } from './support/codec-suite.js'

const size = 65536

function noise(seed: number): Uint8Array<ArrayBuffer> {
  const draw = xorshift(seed)
  return Uint8Array.from({ length: size }, () => 1 + (draw() % 255))
}

/** A period of 100 bytes, then noise from `end` on. */
function periodic(end: number): Uint8Array<ArrayBuffer> {
  const page = noise(1)
  for (let at = 100; at < end; at++) page[at] = page[at - 100]!
  return page
}

// A page of 64 KiB is more than one chunk: 49152 bytes in bitstream 0, and one less in bitstream 1.
describe.each([
  { rle: false, chunk: 49152 },
  { rle: true, chunk: 49151 },
])('a page of two chunks, zero runs $rle', ({ rle, chunk }) => {
  const ctx = createLzo({ pageSize: size, rle })
  const back = new Uint8Array(size)

  function sizeOf(page: Uint8Array): number {
    const block = packed(ctx, page)
    expect(ctx.decompress(block, back)).toBe(size)
    expect(Buffer.compare(back, page)).toBe(0)
    expect(Buffer.compare(lzoOracle(block, size) as Uint8Array, page)).toBe(0)
    return block.length
  }

  it('has no match that reaches back over the border', () => {
    // Far from the last match the encoder takes long steps; behind it, it looks at every position.
    const base = periodic(chunk - 600)
    const copied = (to: number): number => sizeOf(base.slice().copyWithin(to, chunk - 598, chunk - 570))
    expect(copied(chunk - 550)).toBeLessThan(sizeOf(base) - 20)
    expect(copied(chunk + 10)).toBe(sizeOf(base))
  })

  it('carries any number of literals over the border', { timeout: 60_000 }, () => {
    for (const literals of [0, 1, 2, 3, 4, 18, 19, 40]) {
      for (const after of [0, 1, 3, 30]) {
        const page = periodic(size)
        page.set(noise(literals + 1).subarray(0, literals + after), chunk - literals)
        expect(sizeOf(page.fill(9, chunk + after, chunk + after + 300))).toBeLessThan(900)
      }
    }
  })

  it('never makes a copy that could be taken for a run of zeros', () => {
    // Such a copy has a distance whose bits meet the mask of that form, a length of 261 to 264, and three literals after it.
    for (const distance of [32831, 33215, 48639]) {
      for (let length = 260; length < 266; length++) {
        const page = noise(length)
          .fill(0, 700, 10 + distance)
          .fill(0, 10 + distance + 400)
        page.copyWithin(10 + distance, 10, 10 + length)
        page.copyWithin(10 + distance + length + 3, 20, 60)
        expect(sizeOf(page)).toBeLessThan(1400)
      }
    }
  })
})
