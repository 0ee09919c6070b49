import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createLzo, lzoSpec } from '../src/lzo.js'
import { lzoOracle } from './lzo-oracle.js'
import { adversarialPages, expanding } from './lzo-pages.js'
import { describeCodec, packed } from './support/codec-suite.js'

// The golden digests are of streams whose sizes are those of zram in Linux 6.18.
const forms = [
  { name: 'lzo', rle: false, golden: '9ef0aca8756ed497', expanded: 3594 },
  { name: 'lzo-rle', rle: true, golden: '97f18f0b97f41ef6', expanded: 4612 },
]

for (const { name, rle } of forms) {
  describe(name, () =>
    describeCodec({
      subject: { name, spec: () => lzoSpec({ rle }), oracle: lzoOracle },
      create: (pageSize) => createLzo({ pageSize, rle }),
      bound: (n) => (rle ? n + n / 8 + 64 : n + Math.floor(n / 16) + 69),
      tooSmall: [-28],
    }),
  )
}

describe.each(forms)('$name at the edges of its forms', ({ rle, golden, expanded }) => {
  const ctx = createLzo({ pageSize: 4096, rle })

  it('makes the streams that were compared with those of Linux', { timeout: 60_000 }, () => {
    const all = createHash('sha256')
    const back = new Uint8Array(4096)
    for (const page of adversarialPages(40)) {
      const block = packed(ctx, page)
      all.update(block)
      expect(ctx.decompress(block, back)).toBe(4096)
      expect(Buffer.compare(back, page)).toBe(0)
      expect(Buffer.compare(lzoOracle(block, 4096) as Uint8Array, page)).toBe(0)
    }
    expect(all.digest('hex').slice(0, 16)).toBe(golden)
  })

  it('makes of the worst page of bitstream 1 so much', () => {
    expect(packed(ctx, expanding()).length).toBe(expanded)
  })
})
