/** What cases do with a context, each answer held against the contract's rule on answers. */
import { Status, type ZcompCtx, type ZcompSetup } from '@zcomp/core'
import { check, equalBytes, fail, same, sameBytes } from './check.js'
import { type Guarded, type GuardOptions, guarded } from './memory.js'

/** A context; fails the case where the setup throws. Whoever makes it disposes of it. */
export function makeCtx(setup: ZcompSetup): ZcompCtx {
  try {
    return setup.createCtx()
  } catch (error) {
    return fail('createCtx to make a context', error)
  }
}

/** The answer of one compression: a length that fits, or `declined` / `noSpace`. Anything else, a throw included, fails the case. */
export function compressAt(ctx: ZcompCtx, offset: number, length: number, what = 'a page'): number {
  let wrote: number
  try {
    wrote = ctx.compress(offset, length)
  } catch (error) {
    fail(`compress of ${what} to answer with a number`, error)
  }
  const lawful = Number.isInteger(wrote) && wrote > 0 && wrote <= ctx.buffer.length
  if (lawful || wrote === Status.declined || wrote === Status.noSpace) return wrote
  return fail(`compress of ${what} to answer 1 to ${ctx.buffer.length}, declined or noSpace`, wrote)
}

/** The compressed page in memory of its own, or undefined where the encoder declines it. */
export function tryPress(ctx: ZcompCtx, page: Uint8Array, what = 'a page', offset = 0): Uint8Array | undefined {
  ctx.input.set(page, offset)
  const wrote = compressAt(ctx, offset, page.length, what)
  return wrote > 0 ? ctx.buffer.slice(0, wrote) : undefined
}

/** The same, of a page that every encoder makes smaller. */
export function press(ctx: ZcompCtx, page: Uint8Array, what = 'a page', offset = 0): Uint8Array {
  return tryPress(ctx, page, what, offset) ?? fail(`${what} to be compressed`, 'declined')
}

/** Decompresses into guarded memory and holds the answer, the bytes and the guards against `page`. */
export function expectPage(
  ctx: ZcompCtx,
  src: Uint8Array,
  page: Uint8Array,
  what = 'a page',
  where?: GuardOptions,
): void {
  const dst = guarded(page.length, where)
  const answer = decompress(ctx, src, dst.view, what)
  if (answer !== page.length) fail(`decompress of ${what} to answer dst.length, ${page.length}`, answer)
  sameBytes(dst.view, page, `decompress of ${what}`)
  dst.check(`decompress of ${what}`)
}

/** Into memory and back. True where the encoder took the page. */
export function roundTrip(ctx: ZcompCtx, page: Uint8Array, what = 'a page', offset = 0): boolean {
  const bytes = tryPress(ctx, page, what, offset)
  if (bytes) expectPage(ctx, bytes, page, what)
  return bytes !== undefined
}

/** An answer of `decompress` as it comes; only a throw fails the case. */
export function decompress(ctx: ZcompCtx, src: Uint8Array, dst: Uint8Array, what: string): number {
  try {
    return ctx.decompress(src, dst)
  } catch (error) {
    return fail(`decompress of ${what} to answer with a number`, error)
  }
}

/**
 * Decompresses what no encoder wrote: the answer is a length up to `dst.length`, `corrupt` or `noSpace`, nothing outside `dst` is
 * touched, nor is `src`. Gives back the answer and the destination.
 */
export function expectContained(ctx: ZcompCtx, src: Uint8Array, length: number, what: string): [number, Guarded] {
  const dst = guarded(length)
  const before = src.slice()
  const answer = decompress(ctx, src, dst.view, what)
  dst.check(`decompress of ${what}`)
  sameBytes(src, before, `src after decompress of ${what}`)
  const lawful = Number.isInteger(answer) && answer > 0 && answer <= length
  const refused = answer === Status.corrupt || answer === Status.noSpace
  check(lawful || refused, `decompress of ${what} to answer 1 to ${length}, corrupt or noSpace`, answer)
  return [answer, dst]
}

/** The same, and a claim of success must give exactly `page`. */
export function expectPageOrRefusal(ctx: ZcompCtx, src: Uint8Array, page: Uint8Array, what: string): void {
  const [answer, dst] = expectContained(ctx, src, page.length, what)
  if (answer !== page.length || equalBytes(dst.view, page)) return
  fail(`decompress of ${what} not to claim success with wrong bytes`, `${answer}, and bytes that differ from the page`)
}

/** Bytes that make no page of `length`: contained, and `corrupt`. */
export function expectCorrupt(ctx: ZcompCtx, src: Uint8Array, length: number, what = 'bytes that make no page'): void {
  const [answer] = expectContained(ctx, src, length, what)
  same(answer, Status.corrupt, `the answer of decompress of ${what}`)
}
