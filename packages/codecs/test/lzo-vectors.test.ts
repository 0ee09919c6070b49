import { describe, expect, it } from 'vitest'
import { createLzo } from '../src/lzo.js'
import { hash, pageVectors, shortVectors } from './lzo-842-vectors.js'
import { lzoOracle } from './lzo-oracle.js'
import { packed } from './support/codec-suite.js'

describe.each([
  { stream: 'lzo', rle: false },
  { stream: 'lzoRle', rle: true },
] as const)('$stream', ({ stream, rle }) => {
  const ctx = createLzo({ pageSize: 4096, rle })

  it.each(pageVectors)('makes of page $name what Linux makes', (vector) => {
    expect(hash(vector.page)).toBe(vector.hash)
    const block = packed(ctx, vector.page)
    expect([block.length, hash(block)]).toEqual(vector[stream])
    const back = new Uint8Array(4096)
    expect(ctx.decompress(block, back)).toBe(4096)
    expect(hash(back)).toBe(vector.hash)
  })

  it.each(shortVectors)('knows the stream of "$input"', (vector) => {
    const input = Buffer.from(vector.input, 'hex')
    const stream_ = Buffer.from(vector[stream], 'hex')
    if (input.length > 0) expect(Buffer.from(packed(ctx, input)).toString('hex')).toBe(vector[stream])
    const back = new Uint8Array(input.length)
    expect(ctx.decompress(stream_, back)).toBe(input.length)
    expect(Buffer.from(back).toString('hex')).toBe(vector.input)
    expect(lzoOracle(stream_, 4096)).toEqual(new Uint8Array(input))
  })
})
