import { describe, expect, it } from 'vitest'
import { create842 } from '../src/842.js'
import { oracle842 } from './842-oracle.js'
import { hash, pageVectors, shortVectors } from './lzo-842-vectors.js'
import { packed } from './support/codec-suite.js'

describe('842', () => {
  const ctx = create842({ pageSize: 4096 })

  it.each(pageVectors)('makes of page $name what Linux makes', (vector) => {
    const block = packed(ctx, vector.page)
    expect([block.length, hash(block)]).toEqual(vector.sw842)
    const back = new Uint8Array(4096)
    expect(ctx.decompress(block, back)).toBe(4096)
    expect(hash(back)).toBe(vector.hash)
  })

  it.each(shortVectors)('knows the stream of "$input"', ({ input, sw842 }) => {
    const plain = Buffer.from(input, 'hex')
    const block = Buffer.from(sw842, 'hex')
    if (plain.length > 0) expect(Buffer.from(packed(ctx, plain)).toString('hex')).toBe(sw842)
    const back = new Uint8Array(plain.length)
    expect(ctx.decompress(block, back)).toBe(plain.length)
    expect(Buffer.from(back).toString('hex')).toBe(input)
    expect(oracle842(block, 4096)).toEqual(new Uint8Array(plain))
  })
})
