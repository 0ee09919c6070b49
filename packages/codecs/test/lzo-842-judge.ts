import { expect } from 'vitest'
import type { CodecCtx } from '../src/shared/ctx.js'
import { type Random, seeded } from './support/random.js'
import type { Oracle } from './support/subject.js'

const statuses = { corrupt: -74, noSpace: -28 }
const guard = 0xa5
const guardBytes = 64

/**
 * Decodes `src` twice, once with the source and once with the destination at the very end of the context's memory, where an access beyond it traps.
 * Says how the answer or the bytes around differ from the oracle's, or nothing. The status must be the oracle's too.
 */
export function judge(ctx: CodecCtx, oracle: Oracle, src: Uint8Array, capacity: number): string {
  const memory = new Uint8Array(ctx.input.buffer)
  const want = oracle(src, capacity)
  const source = memory.subarray(memory.length - src.length)
  source.set(src)
  const inside = ctx.input.subarray(guardBytes, guardBytes + capacity)
  const fault = compare(ctx, source, inside, want) || (Buffer.compare(source, src) ? 'source changed' : '')
  return fault || compare(ctx, src, memory.subarray(memory.length - capacity), want)
}

/**
 * Judges so many invented streams, each into room for a page, for what is in it, for one byte less, or for any number of bytes. Answers how
 * many came to what.
 */
export function judgeInvented(
  ctx: CodecCtx,
  oracle: Oracle,
  invent: (random: Random) => Uint8Array,
  { seed, count }: { seed: number; count: number },
): Record<'taken' | keyof typeof statuses, number> {
  const random = seeded(seed)
  const counts = { taken: 0, corrupt: 0, noSpace: 0 }
  for (let times = 0; times < count; times++) {
    const src = invent(random)
    const whole = oracle(src, 4096)
    const length = typeof whole === 'string' ? 4096 : whole.length
    const capacity = [4096, length, Math.max(0, length - 1), random(4097)][random(4)]!
    const want = oracle(src, capacity)
    counts[typeof want === 'string' ? want : 'taken']++
    expect(judge(ctx, oracle, src, capacity), Buffer.from(src).toString('hex')).toBe('')
  }
  return counts
}

function compare(ctx: CodecCtx, src: Uint8Array, dst: Uint8Array, want: ReturnType<Oracle>): string {
  const memory = new Uint8Array(ctx.input.buffer)
  const end = dst.byteOffset + dst.length
  const around = [memory.subarray(dst.byteOffset - guardBytes, dst.byteOffset), memory.subarray(end, end + guardBytes)]
  for (const area of around) area.fill(guard)
  let got: number
  try {
    got = ctx.decompress(src, dst)
  } catch (error) {
    return `trap: ${error}`
  }
  const expected = typeof want === 'string' ? statuses[want] : want.length
  if (got !== expected) return `answered ${got}, the oracle ${expected}`
  if (typeof want !== 'string' && Buffer.compare(dst.subarray(0, got), want)) return 'other bytes than the oracle'
  return around.some((area) => area.some((byte) => byte !== guard)) ? 'wrote outside' : ''
}
