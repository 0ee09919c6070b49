/** Pages of every kind, length and place go in and come back. */
import { check, same, sameBytes } from '../check.js'
import { compressAt, expectPage, press, roundTrip, tryPress } from '../codec.js'
import { makePage, pageKinds } from '../pages.js'
import type { Case } from '../types.js'

/** 1 to 40, powers of two and their neighbours, up to a page. */
function shortLengths(pageSize: number): number[] {
  const lengths = new Set(Array.from({ length: 40 }, (_, i) => i + 1))
  for (let n = 64; n <= pageSize; n *= 2) for (const length of [n - 1, n, n + 1]) lengths.add(length)
  return [...lengths].filter((n) => n <= pageSize)
}

export const roundTripCases: readonly Case[] = [
  {
    id: 'round-trip/sizes',
    claim: 'input has a page or more, and buffer two',
    level: 1,
    mutants: ['one-page-buffer'],
    async run(t) {
      const { input, buffer } = await t.ctx()
      check(input instanceof Uint8Array && input.length >= t.pageSize, `an input of ${t.pageSize} bytes or more`, input)
      check(
        buffer instanceof Uint8Array && buffer.length >= 2 * t.pageSize,
        `a buffer of ${2 * t.pageSize} bytes or more`,
        buffer,
      )
    },
  },
  {
    id: 'round-trip/pages',
    claim: 'every kind of page comes back as it was, or is declined',
    level: 1,
    mutants: ['loses-last-byte', 'answers-source-length'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of pageKinds) {
        for (let i = 0; i < 4; i++) roundTrip(ctx, makePage(kind, t.pageSize, t.seed + i), `a ${kind} page`)
      }
    },
  },
  {
    id: 'round-trip/compresses',
    claim: 'a page of zeros and a page of text become smaller',
    level: 1,
    mutants: ['declines-all'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of ['zero', 'text'] as const) {
        const bytes = press(ctx, makePage(kind, t.pageSize, t.seed), `a ${kind} page`)
        check(bytes.length < t.pageSize, `a ${kind} page to become smaller than ${t.pageSize} bytes`, bytes.length)
      }
    },
  },
  {
    id: 'round-trip/noise',
    claim: 'noise is answered with a length that fits the buffer, declined or noSpace, and is no fault',
    level: 1,
    mutants: ['faults-on-noise', 'unknown-status'],
    async run(t) {
      const ctx = await t.ctx()
      for (let i = 0; i < 8; i++) {
        roundTrip(ctx, makePage('noise', t.pageSize, t.seed + i), 'a noise page')
        roundTrip(ctx, makePage('nearly-noise', t.pageSize, t.seed + i), 'a nearly-noise page')
      }
    },
  },
  {
    id: 'round-trip/short-lengths',
    claim: 'any length from 1 byte to a page comes back as it was, or is declined',
    level: 1,
    mutants: ['rounds-length-up'],
    async run(t) {
      const ctx = await t.ctx()
      for (const length of shortLengths(t.pageSize)) {
        // What lies behind must not matter.
        ctx.input.fill(0x5a, 0, t.pageSize)
        for (const kind of ['zero', 'text', 'noise'] as const) {
          roundTrip(ctx, makePage(kind, length, t.seed), `${length} bytes of ${kind}`)
        }
      }
    },
  },
  {
    id: 'round-trip/offsets',
    claim: 'compress takes any page of input, and any offset',
    level: 1,
    mutants: ['ignores-offset'],
    async run(t) {
      const ctx = await t.ctx()
      const last = ctx.input.length - t.pageSize
      const offsets = Array.from({ length: ctx.input.length / t.pageSize }, (_, i) => i * t.pageSize)
      for (const odd of [1, 7, 4097, last - 1]) if (odd > 0 && odd < last) offsets.push(odd)
      for (const [i, offset] of offsets.entries()) {
        ctx.input.fill(0x5a)
        roundTrip(ctx, makePage('text', t.pageSize, t.seed + i), `a page at offset ${offset}`, offset)
      }
      const page = makePage('text', 100, t.seed)
      roundTrip(ctx, page, '100 bytes at the end of input', ctx.input.length - 100)
    },
  },
  {
    id: 'round-trip/length-exact',
    claim: 'the answer counts exactly the bytes that were written',
    level: 1,
    mutants: ['length-one-long'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of pageKinds) {
        const page = makePage(kind, t.pageSize, t.seed)
        ctx.buffer.fill(0xa5)
        const first = tryPress(ctx, page, `a ${kind} page`)
        ctx.buffer.fill(0x5a)
        const second = tryPress(ctx, page, `a ${kind} page`)
        same(second?.length, first?.length, `the length of a ${kind} page, compressed again,`)
        if (first && second) sameBytes(second, first, `a ${kind} page, compressed into a buffer that held other bytes`)
      }
    },
  },
  {
    id: 'round-trip/input-unchanged',
    claim: 'compress leaves input as it is',
    level: 1,
    mutants: ['writes-input'],
    async run(t) {
      const ctx = await t.ctx()
      ctx.input.set(makePage('text', ctx.input.length, t.seed))
      for (const kind of pageKinds) {
        ctx.input.set(makePage(kind, t.pageSize, t.seed))
        const before = ctx.input.slice()
        compressAt(ctx, 0, t.pageSize, `a ${kind} page`)
        sameBytes(ctx.input, before, `input after compress of a ${kind} page`)
      }
    },
  },
  {
    id: 'round-trip/result-kept',
    claim: 'the result lies in buffer until the next compress, whatever is decompressed meanwhile',
    level: 1,
    mutants: ['decodes-through-buffer'],
    async run(t) {
      const ctx = await t.ctx()
      const text = makePage('text', t.pageSize, t.seed)
      const other = makePage('pointers', t.pageSize, t.seed)
      const bytes = press(ctx, other)
      const wrote = press(ctx, text).length
      const kept = ctx.buffer.slice(0, wrote)
      const input = ctx.input.slice()
      expectPage(ctx, bytes, other)
      sameBytes(ctx.buffer.subarray(0, wrote), kept, 'buffer after decompress')
      sameBytes(ctx.input, input, 'input after decompress')
    },
  },
]
