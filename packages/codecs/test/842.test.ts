import { describe, expect, it } from 'vitest'
import { create842, sw842Spec } from '../src/842.js'
import { encode842 } from './842-encoder.js'
import { oracle842 } from './842-oracle.js'
import { xorshift } from './lzo-842-vectors.js'
import { adversarialPages } from './lzo-pages.js'
import { describeCodec, packed } from './support/codec-suite.js'
import { makePage, pageKinds } from './support/pages.js'
import { seeded } from './support/random.js'

describeCodec({
  subject: { name: '842', spec: sw842Spec, oracle: oracle842 },
  create: (pageSize) => create842({ pageSize }),
  // 69 bits for each group, then end and checksum.
  bound: (n) => Math.ceil(((n / 8) * 69 + 37) / 64) * 8,
  tooSmall: [-28],
  padding: 7,
})

const ctx = create842({ pageSize: 4096 })
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const sizeOf = (page: Uint8Array): number => packed(ctx, page).length

/** Groups of noise, but for those that `change` sets. */
function groups(count: number, change: (page: Uint8Array<ArrayBuffer>) => void): Uint8Array<ArrayBuffer> {
  const draw = xorshift(842)
  const page = Uint8Array.from({ length: 8 * count }, () => draw())
  change(page)
  return page
}

describe('the encoder', () => {
  it.each(pageKinds)('makes of %s what the plainest one makes', (kind) => {
    const random = seeded(21)
    for (let times = 0; times < 4; times++) {
      const page = makePage(kind, times < 2 ? 4096 : 1 + random(4096), random)
      expect(hex(packed(ctx, page))).toBe(hex(encode842(page)))
    }
  })

  it('does so at its edges too, and with what earlier pages left behind', { timeout: 60_000 }, () => {
    const pages = adversarialPages(400).filter((_, number) => number % 20 === 0)
    for (const page of pages) expect(hex(packed(ctx, page))).toBe(hex(encode842(page)))
  })

  it('does so with pages of 64 KiB', () => {
    const large = create842({ pageSize: 65536 })
    for (const kind of ['mixed', 'text', 'sparse'] as const) {
      const page = makePage(kind, 65536, seeded(22))
      expect(hex(packed(large, page))).toBe(hex(encode842(page)))
    }
  })

  it.each([1, 2, 62, 63, 64, 65, 66, 127, 128, 129, 130])('tells %i repeats', (repeats) => {
    for (const byte of [0, 7]) {
      const page = groups(repeats + 3, (each) => each.fill(byte, 8, 8 * (repeats + 2)))
      expect(hex(packed(ctx, page))).toBe(hex(encode842(page)))
    }
  })

  it.each([
    [2, 256],
    [4, 512],
    [8, 256],
  ])('finds units of %i bytes as far back as %i of them, and no farther', (bytes, reach) => {
    const base = groups(400, () => {})
    const at = 3072
    const copied = (distance: number): number =>
      sizeOf(base.slice().copyWithin(at, at - distance, at - distance + bytes))
    const farthest = bytes * reach
    expect(copied(farthest)).toBeLessThanOrEqual(sizeOf(base))
    expect(hex(packed(ctx, base.slice().copyWithin(at, at - farthest, at - farthest + bytes)))).not.toBe(
      hex(packed(ctx, base.slice().copyWithin(at, at - farthest - 8, at - farthest - 8 + bytes))),
    )
    for (const distance of [8, farthest - 8, farthest, farthest + 8]) {
      const page = base.slice().copyWithin(at, at - distance, at - distance + bytes)
      expect(hex(packed(ctx, page)), `${distance}`).toBe(hex(encode842(page)))
    }
  })
})
