import { describe, expect, it } from 'vitest'
import { create842 } from '../src/842.js'
import { BitWriter } from './842-bits.js'
import { oracle842, templates } from './842-oracle.js'
import { stream842 } from './842-streams.js'
import { judge, judgeInvented } from './lzo-842-judge.js'
import { packed } from './support/codec-suite.js'
import { makePage } from './support/pages.js'
import { seeded } from './support/random.js'

const ctx = create842({ pageSize: 4096 })

/** The decoded bytes, or the status; and the oracle agrees. */
function decoded(src: Uint8Array, capacity = 64): string | number {
  expect(judge(ctx, oracle842, src, capacity)).toBe('')
  const dst = new Uint8Array(capacity)
  const got = ctx.decompress(src, dst)
  return got < 0 ? got : Buffer.from(dst.subarray(0, got)).toString('latin1')
}

const letters = (text: string): Uint8Array => Buffer.from(text, 'latin1')
/** A stream that begins with a group of data. */
const begun = (text = 'ABCDEFGH'): BitWriter => new BitWriter().put(0, 5).data(letters(text))
const short = (text: string): BitWriter => new BitWriter().put(0x1d, 5).put(text.length, 3).data(letters(text))

describe('an 842 stream', () => {
  it('builds groups out of data and indexes, by every template', () => {
    for (const [code, args] of templates.entries()) {
      const out = begun().put(code, 5)
      let want = ''
      for (const { index, bytes } of args) {
        if (index) out.put(0, bytes === 4 ? 9 : 8)
        else out.data(letters('abcdefgh'.slice(0, bytes)))
        want += (index ? 'ABCDEFGH' : 'abcdefgh').slice(0, bytes)
      }
      expect(decoded(out.endOf(letters(`ABCDEFGH${want}`))), `template ${code}`).toBe(`ABCDEFGH${want}`)
    }
  })

  it('repeats groups, writes zeros, and ends with up to 7 bytes', () => {
    expect(
      decoded(
        begun()
          .put(0x1b, 5)
          .put(2, 6)
          .endOf(letters('ABCDEFGH'.repeat(4))),
      ),
    ).toBe('ABCDEFGH'.repeat(4))
    expect(decoded(new BitWriter().put(0x1c, 5).endOf(new Uint8Array(8)))).toBe('\0'.repeat(8))
    expect(decoded(short('abcdefg').endOf(letters('abcdefg')))).toBe('abcdefg')
    expect(decoded(new BitWriter().endOf(letters('')))).toBe('')
  })

  it('is refused for another checksum', () => {
    expect(decoded(begun().end(1))).toBe(-74)
    expect(decoded(begun().endOf(letters('ABCDEFGI')))).toBe(-74)
  })

  it('is refused for what no encoder writes', () => {
    expect(decoded(begun().put(0x1a, 5).end(0))).toBe(-74)
    expect(decoded(begun().put(0x1f, 5).end(0))).toBe(-74)
    expect(decoded(new BitWriter().put(0x1d, 5).put(0, 3).end(0)), 'no short data').toBe(-74)
    expect(decoded(begun().put(0x19, 5).put(1, 8).end(0)), 'an index of what is not there yet').toBe(-74)
    expect(decoded(new BitWriter().put(0x19, 5).put(0, 8).end(0)), 'an index of nothing').toBe(-74)
    expect(decoded(new BitWriter().put(0x1b, 5).put(0, 6).end(0)), 'a repeat of nothing').toBe(-74)
  })

  it('is refused where Linux would read before its output, or write behind it', () => {
    expect(decoded(short('abc').put(0x1b, 5).put(0, 6).end(0)), 'a repeat of less than a group').toBe(-74)
    expect(decoded(begun().put(0x19, 5).put(0, 8).end(0), 15), 'an index without room').toBe(-28)
    expect(decoded(begun().put(0x1d, 5).put(3, 3).data(letters('abc')).end(0), 10), 'short data without room').toBe(-28)
  })

  it('is cut nowhere without notice', () => {
    const block = packed(ctx, makePage('mixed', 4096, seeded(1)))
    for (let length = 0; length < block.length; length += 3) {
      expect(judge(ctx, oracle842, block.subarray(0, length), 4096)).toBe('')
    }
    // Only the padding may go.
    expect(ctx.decompress(block.subarray(0, block.length - 8), new Uint8Array(4096))).toBe(-74)
  })
})

it('judges invented streams as a plain decoder does, status included', { timeout: 60_000 }, () => {
  const counts = judgeInvented(ctx, oracle842, stream842, { seed: 12, count: 2000 })
  expect(Math.min(counts.taken, counts.corrupt, counts.noSpace)).toBeGreaterThan(50)
})
