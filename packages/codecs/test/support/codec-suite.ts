import { describe, expect, it } from 'vitest'
import type { CodecCtx } from '../../src/shared/ctx.js'
import { pagesOnly } from '../../src/shared/pages-only.js'
import { fuzz } from './fuzz.js'
import { makePage, type PageKind, pageKinds } from './pages.js'
import { seeded } from './random.js'
import type { Subject } from './subject.js'

export interface CodecUnderTest {
  readonly subject: Subject
  create(pageSize: number): CodecCtx
  /** No page of any kind may become larger than this. */
  bound(pageSize: number): number
  /** What a destination that is too small is answered with: -28, or also -74 where the format cannot tell. */
  readonly tooSmall: readonly number[]
  /** How many bytes at the end of a block may be mere padding, which is not looked at. */
  readonly padding?: number
}

const pageSizes = [4096, 8192, 16384, 32768, 65536]
const guard = 0xa5

const bytesOf = (ctx: CodecCtx): Uint8Array => new Uint8Array(ctx.input.buffer)

/** Puts `page` at the front of `input`, compresses it, and copies the result out. */
export function packed(ctx: CodecCtx, page: Uint8Array): Uint8Array<ArrayBuffer> {
  ctx.input.set(page)
  const size = ctx.compress(0, page.length)
  expect(size).toBeGreaterThan(0)
  return new Uint8Array(ctx.buffer.subarray(0, size))
}

/** What every codec of the package has to do, whatever its format. */
export function describeCodec(codec: CodecUnderTest): void {
  describe('round trip', () => roundTrips(codec))
  describe('bounds', () => bounds(codec))
  describe('memory', () => placement(codec))
  it('says how many bytes a short block holds, or, for pages only, that it is none', () => pages(codec))
  describe('misuse', () => misuse(codec))
  it('judges blocks as a plain decoder does', () => {
    const report = fuzz(codec.subject, { count: 8000, seed: 7 })
    expect(report.faults).toEqual([])
    expect(report.count).toBe(8000)
    expect(Math.min(report.accepted, report.rejected)).toBeGreaterThan(1000)
  })
}

function roundTrips({ create, subject, bound }: CodecUnderTest): void {
  it.each(pageSizes)('gives back pages of %i bytes, within the bound', (pageSize) => {
    const random = seeded(pageSize)
    const ctx = create(pageSize)
    const back = new Uint8Array(pageSize)
    for (const kind of pageKinds) {
      for (let times = 0; times < 4; times++) {
        const page = makePage(kind, pageSize, random)
        const block = packed(ctx, page)
        expect(block.length).toBeLessThanOrEqual(bound(pageSize))
        expect(ctx.decompress(block, back)).toBe(pageSize)
        expect(Buffer.compare(back, page), kind).toBe(0)
        expect(Buffer.compare(subject.oracle(block, pageSize) as Uint8Array, page), kind).toBe(0)
      }
    }
  })

  it('takes any length from 1 to a page', () => {
    const random = seeded(2)
    const ctx = create(4096)
    for (let length = 1; length <= 4096; length += length < 80 ? 1 : 1 + random(120)) {
      const page = makePage(pageKinds[random(pageKinds.length)]!, length, random)
      const back = new Uint8Array(length)
      expect(ctx.decompress(packed(ctx, page), back)).toBe(length)
      expect(Buffer.compare(back, page)).toBe(0)
    }
  })

  it('compresses any part of input, leaves it as it is, and does not look beyond', () => {
    const random = seeded(3)
    const ctx = create(4096)
    const page = makePage('mixed', 4096, random)
    const alone = packed(ctx, page)
    for (const offset of [0, 1, 4096, 5000, ctx.input.length - 4096]) {
      for (let at = 0; at < ctx.input.length; at++) ctx.input[at] = random(256)
      ctx.input.set(page, offset)
      const before = ctx.input.slice()
      const size = ctx.compress(offset, 4096)
      expect(Buffer.compare(ctx.buffer.subarray(0, size), alone)).toBe(0)
      expect(Buffer.compare(ctx.input, before)).toBe(0)
    }
  })
}

/** Blocks of a few kinds of page, for tests that break them. */
function samples(ctx: CodecCtx): [PageKind, Uint8Array, Uint8Array<ArrayBuffer>][] {
  const random = seeded(4)
  return pageKinds.map((kind) => {
    const page = makePage(kind, 4096, random)
    return [kind, page, packed(ctx, page)]
  })
}

function bounds({ create, tooSmall, padding = 0 }: CodecUnderTest): void {
  it('says noSpace when the destination is short by any number of bytes', () => {
    const ctx = create(4096)
    for (const [kind, , block] of samples(ctx)) {
      for (const capacity of [4095, 4094, 4090, 4000, 2048, 17, 1, 0]) {
        expect(tooSmall, `${kind} into ${capacity}`).toContain(ctx.decompress(block, new Uint8Array(capacity)))
      }
    }
  })

  it('never takes a block that was cut for a page', () => {
    const ctx = create(4096)
    const dst = new Uint8Array(4096)
    const taken: string[] = []
    for (const [kind, , block] of samples(ctx)) {
      for (let length = 0; length < block.length - padding; length++) {
        const got = ctx.decompress(block.subarray(0, length), dst)
        const refused = got === -74 || got === -28 || (got >= 0 && got < 4096)
        if (!refused) taken.push(`${kind} cut to ${length}: ${got}`)
      }
    }
    expect(taken).toEqual([])
  })

  it('touches nothing but the destination, whatever it is fed', () => {
    const random = seeded(5)
    const ctx = create(4096)
    const blocks = samples(ctx).map(([, , block]) => block)
    const dst = ctx.input.subarray(8192, 8192 + 4096)
    const untouched = new Uint8Array(8192).fill(guard)
    let failures = 0
    for (let times = 0; times < 1200; times++) {
      const block = blocks[random(blocks.length)]!.slice()
      for (let changes = random(4); changes > 0; changes--) block[random(block.length)] = random(256)
      const capacity = random(2) ? 4096 : random(4097)
      const after = ctx.input.subarray(8192 + capacity, 16_384 + capacity)
      ctx.input.fill(guard, 0, 24_576)
      const got = ctx.decompress(block, dst.subarray(0, capacity))
      expect(got === -74 || got === -28 || (got >= 0 && got <= capacity)).toBe(true)
      if (got < 0) failures++
      expect(Buffer.compare(ctx.input.subarray(0, 8192), untouched)).toBe(0)
      expect(Buffer.compare(after, untouched)).toBe(0)
    }
    expect(failures).toBeGreaterThan(100)
  })

  it('works on after a failure', () => {
    const ctx = create(4096)
    const [, page, block] = samples(ctx)[1]!
    const back = new Uint8Array(4096)
    expect(ctx.decompress(new Uint8Array(300).fill(0xff), back)).toBeLessThan(0)
    expect(ctx.decompress(new Uint8Array(0), back)).toBe(-74)
    expect(ctx.decompress(new Uint8Array(100_000), back)).toBe(-74)
    expect(ctx.decompress(block, back)).toBe(4096)
    expect(Buffer.compare(back, page)).toBe(0)
  })
}

function pages({ create }: CodecUnderTest): void {
  const ctx = create(4096)
  const strict = pagesOnly(ctx)
  const page = makePage('text', 4096, seeded(10))
  const [whole, short] = [packed(strict, page), packed(strict, page.subarray(0, 4095))]
  const back = new Uint8Array(4096)
  expect(ctx.decompress(short, back)).toBe(4095)
  expect(strict.decompress(short, back)).toBe(-74)
  expect(strict.decompress(short, back.subarray(0, 4095))).toBe(4095)
  expect(strict.decompress(whole, back)).toBe(4096)
  expect(Buffer.compare(back, page)).toBe(0)
  strict[Symbol.dispose]()
  expect(() => ctx.compress(0, 4096)).toThrow('disposed of')
}

function placement({ create }: CodecUnderTest): void {
  it('decodes between own and foreign memory in all four ways', () => {
    const ctx = create(4096)
    const page = makePage('mixed', 4096, seeded(6))
    const block = packed(ctx, page)
    const shared = new Uint8Array(new SharedArrayBuffer(block.length))
    shared.set(block)
    const sources = [ctx.buffer.subarray(0, block.length), block, shared, Buffer.from(block)]
    const targets = [ctx.input.subarray(12_288, 16_384), new Uint8Array(4096), new Uint8Array(9000).subarray(3, 4099)]
    for (const src of sources) {
      for (const dst of targets) {
        dst.fill(0)
        expect(ctx.decompress(src, dst)).toBe(4096)
        expect(Buffer.compare(dst, page)).toBe(0)
      }
    }
  })

  it('keeps contexts apart', () => {
    const [a, b] = [create(4096), create(4096)]
    const blockA = packed(a, makePage('text', 4096, seeded(8)))
    const whole = bytesOf(a).slice()
    packed(b, makePage('noise', 4096, seeded(9)))
    expect(Buffer.compare(bytesOf(a), whole)).toBe(0)
    expect(Buffer.compare(a.buffer.subarray(0, blockA.length), blockA)).toBe(0)
  })

  it('has room for 128 KiB of input, or a page, and two pages of output', () => {
    for (const pageSize of pageSizes) {
      const ctx = create(pageSize)
      expect(ctx.input.length).toBe(131_072)
      expect(ctx.buffer.length).toBe(2 * pageSize)
    }
  })
}

function misuse({ create }: CodecUnderTest): void {
  it.each([100, 0, 2048, 5000, 131_072, Number.NaN, 4096.5])('refuses pages of %d bytes by name', (pageSize) => {
    expect(() => create(pageSize)).toThrow(/^pageSize must be a power of two from 4096 to 65536, not /)
  })

  it('throws a RangeError that names the argument', () => {
    const ctx = create(4096)
    const { length } = ctx.input
    for (const bad of [0, -1, 4097, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => ctx.compress(0, bad)).toThrow(RangeError)
      expect(() => ctx.compress(0, bad)).toThrow(`length must be a whole number from 1 to 4096, not ${bad}`)
    }
    for (const bad of [-1, length - 4095, length, 0.5, Number.NaN, 2 ** 32]) {
      expect(() => ctx.compress(bad, 4096)).toThrow(
        `offset must be a whole number from 0 to ${length - 4096}, not ${bad}`,
      )
    }
    expect(() => ctx.decompress(new Uint8Array(10), new Uint8Array(4097))).toThrow('dst.length must be')
  })

  it('ends when disposed of', () => {
    const ctx = create(4096)
    ctx[Symbol.dispose]()
    expect(() => ctx.compress(0, 4096)).toThrow('disposed')
    expect(() => ctx.decompress(new Uint8Array(10), new Uint8Array(4096))).toThrow('disposed')
  })
}
