import { describe, expect, it } from 'vitest'
import { createLzo } from '../src/lzo.js'
import { judge, judgeInvented } from './lzo-842-judge.js'
import { lzoOracle } from './lzo-oracle.js'
import { lzoStream } from './lzo-streams.js'
import { packed } from './support/codec-suite.js'
import { makePage } from './support/pages.js'
import { seeded } from './support/random.js'

const ctx = createLzo({ pageSize: 4096, rle: true })

/** The decoded bytes in hex, or the status; and the oracle agrees. */
function decoded(hex: string, capacity = 64): string | number {
  const src = Buffer.from(hex.replaceAll(' ', ''), 'hex')
  const dst = new Uint8Array(capacity)
  expect(judge(ctx, lzoOracle, src, capacity), hex).toBe('')
  const got = ctx.decompress(src, dst)
  return got < 0 ? got : Buffer.from(dst.subarray(0, got)).toString('hex')
}

describe('an LZO1X stream', () => {
  it('may begin with 1 to 238 literals in a form of their own', () => {
    expect(decoded('12 41 110000')).toBe('41')
    expect(decoded('14 414243 110000')).toBe('414243')
    expect(decoded('15 41424344 110000')).toBe('41424344')
    expect(decoded(`ff ${'41'.repeat(238)} 110000`, 4096)).toBe('41'.repeat(238))
    expect(decoded('1100 13 4142 110000'), 'behind a header too').toBe('4142')
  })

  it('tells runs of zeros only behind a header with a version other than 0', () => {
    expect(decoded('1101 1241 18 fcff 02 110000')).toBe(`41${'00'.repeat(20)}`)
    expect(decoded('11ff 1241 18 fcff 02 110000')).toBe(`41${'00'.repeat(20)}`)
    expect(decoded('1100 1241 18 fcff 02 110000')).toBe(-74)
    expect(decoded('1241 18 fcff 02 110000')).toBe(-74)
    expect(decoded('1101 1241 1f feff 00 4243 110000')).toBe(`41${'00'.repeat(11)}4243`)
    expect(decoded('1101 1241 18 fcff 02 110000', 20)).toBe(-28)
    expect(decoded('1101 1241 1f fcff ff 110000', 2052)).toBe(`41${'00'.repeat(2051)}`)
  })

  it('has copies of two and three bytes, which no LZO1X-1 encoder makes', () => {
    expect(decoded('15 41424344 4d00 45 0400 110000')).toBe('41424344 414243 45 4345'.replaceAll(' ', ''))
    const run = `00 ${'00'.repeat(8)} 2a 010203 ${'41'.repeat(2097)}`
    expect(decoded(`${run} 0c0c 110000`, 4096)).toMatch(/^010203(41){2097}010203$/)
    expect(decoded(`${run} 000d 110000`, 4096), 'before the start').toBe(-74)
  })

  it('ends with its mark and nothing else', () => {
    expect(decoded('110000')).toBe('')
    expect(decoded('1101 110000')).toBe('')
    expect(decoded('1241 110300'), 'the mark has no literals').toBe('41')
    expect(decoded('1241 110000 00'), 'a byte too many').toBe(-74)
    expect(decoded('1241 120000'), 'a mark of another length').toBe(-74)
    expect(decoded('1241 10010000'), 'a mark of a long length').toBe(-74)
    expect(decoded('1241 1100'), 'half a mark').toBe(-74)
    expect(decoded('1241 000000'), 'no mark').toBe(-74)
  })

  it('never reaches before its start', () => {
    expect(decoded('15 41424344 8c00 110000')).toBe('41424344 4142434441'.replaceAll(' ', ''))
    expect(decoded('15 41424344 9000 110000')).toBe(-74)
    expect(decoded('15 41424344 230c00 110000')).toBe('41424344 4142434441'.replaceAll(' ', ''))
    expect(decoded('15 41424344 231000 110000')).toBe(-74)
    expect(decoded('15 41424344 120400 110000')).toBe(-74)
    expect(decoded('10010400 110000')).toBe(-74)
  })

  it('says noSpace before it says corrupt where a run is both', () => {
    expect(decoded('19 4142', 4)).toBe(-28)
    expect(decoded('19 4142', 8)).toBe(-74)
  })

  it('never ends before its end mark', () => {
    const text = makePage('mixed', 4096, seeded(1))
    for (const block of [packed(ctx, text), packed(createLzo({ pageSize: 4096, rle: false }), text)]) {
      for (let length = 0; length < block.length; length++) {
        expect(judge(ctx, lzoOracle, block.subarray(0, length), 4096)).toBe('')
        expect(ctx.decompress(block.subarray(0, length), new Uint8Array(4096))).toBe(-74)
      }
    }
  })
})

it('judges invented streams as a plain decoder does, status included', { timeout: 60_000 }, () => {
  const counts = judgeInvented(ctx, lzoOracle, lzoStream, { seed: 11, count: 6000 })
  expect(Math.min(counts.taken, counts.corrupt, counts.noSpace)).toBeGreaterThan(100)
})
