/** Numbers, and the right ones: core believes a length or a `Status`, and counts anything else against the backend. */
import { Status } from '@zcomp/core'
import { check } from '../check.js'
import { decompress, press } from '../codec.js'
import { makePage, pageKinds } from '../pages.js'
import type { Case, Trial } from '../types.js'

/** Bytes that are no page, each for another reason. */
function* nonsense(t: Trial, bytes: Uint8Array): Generator<[string, Uint8Array]> {
  yield ['no bytes', new Uint8Array(0)]
  yield ['zeros', new Uint8Array(t.pageSize)]
  yield ['ones', new Uint8Array(t.pageSize).fill(0xff)]
  yield ['a page as it is', makePage('text', t.pageSize, t.seed)]
  yield ['two pages of noise', makePage('noise', 2 * t.pageSize, t.seed)]
  for (let i = 0; i < 60; i++) {
    yield ['noise', makePage('noise', 1 + t.pick(200), t.seed + i)]
    yield ['half of a page', bytes.subarray(0, t.pick(bytes.length))]
  }
}

export const answersCases: readonly Case[] = [
  {
    id: 'answers/numbers',
    claim: 'decompress answers nonsense with a number: a length up to dst.length, or a Status',
    level: 1,
    mutants: ['answers-nan', 'returns-errno-of-library'],
    async run(t) {
      const ctx = await t.ctx()
      const known: readonly number[] = Object.values(Status)
      for (const [what, src] of nonsense(t, press(ctx, makePage('text', t.pageSize, t.seed)))) {
        const answer = decompress(ctx, src, new Uint8Array(t.pageSize), what)
        const lawful = known.includes(answer) || (Number.isInteger(answer) && answer > 0 && answer <= t.pageSize)
        check(lawful, `decompress of ${what} to answer 1 to ${t.pageSize} or a Status`, answer)
      }
    },
  },
  {
    id: 'answers/corrupt-is-not-fault',
    claim: 'bytes that no encoder writes are corrupt, not a fault of the codec, nor declined',
    level: 1,
    mutants: ['blames-itself'],
    async run(t) {
      const ctx = await t.ctx()
      for (const [what, src] of nonsense(t, press(ctx, makePage('text', t.pageSize, t.seed)))) {
        const answer = decompress(ctx, src, new Uint8Array(t.pageSize), what)
        const blamed = answer === Status.fault || answer === Status.declined
        check(!blamed, `decompress of ${what} to answer corrupt or noSpace where it refuses`, answer)
      }
    },
  },
  {
    id: 'answers/compress',
    claim: 'compress answers every kind of page with a number, never with corrupt or fault',
    level: 1,
    mutants: ['answers-with-promise'],
    async run(t) {
      const ctx = await t.ctx()
      for (const kind of pageKinds) {
        ctx.input.set(makePage(kind, t.pageSize, t.seed))
        const answer: unknown = ctx.compress(0, t.pageSize)
        const lawful = typeof answer === 'number' && answer !== Status.corrupt && answer !== Status.fault
        check(lawful, `compress of a ${kind} page to answer a length, declined or noSpace`, answer)
      }
    },
  },
]
