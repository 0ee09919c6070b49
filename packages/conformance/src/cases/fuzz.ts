/** Seeded chance, for as long as the budget lasts. A failure names the input by its number: the same seed makes the same inputs. */
import { expectContained, expectPage, press, roundTrip } from '../codec.js'
import { makePage, pageKinds } from '../pages.js'
import type { Case, Trial } from '../types.js'

/** A page stitched together from pieces of all kinds, some of them repeated. */
function stitch(t: Trial, length: number): Uint8Array {
  const page = new Uint8Array(length)
  for (let at = 0; at < length; ) {
    const n = Math.min(length - at, 1 + t.pick(t.pick(4) === 0 ? 2000 : 100))
    if (at > 0 && t.pick(3) === 0) {
      const from = t.pick(at)
      for (let k = 0; k < n; k++) page[at + k] = page[from + k]!
    } else {
      page.set(makePage(pageKinds[t.pick(pageKinds.length)]!, n, t.pick(1 << 30)), at)
    }
    at += n
  }
  return page
}

/** A compressed page with a few things wrong. */
function mangle(t: Trial, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let out = bytes.slice()
  for (let n = 1 + t.pick(4); n > 0 && out.length > 0; n--) {
    const at = t.pick(out.length)
    const dice = t.pick(6)
    if (dice === 0) out[at]! ^= 1 << t.pick(8)
    else if (dice === 1) out[at] = t.pick(256)
    else if (dice === 2) out.fill(t.pick(2) * 255, at, at + 1 + t.pick(8))
    else if (dice === 3) out = out.slice(0, at)
    else if (dice === 4) out.set(other.subarray(0, Math.min(other.length, out.length - at)), at)
    else
      out = Uint8Array.from([
        ...out.subarray(0, at),
        ...makePage('noise', 1 + t.pick(9), t.pick(1 << 30)),
        ...out.subarray(at),
      ])
  }
  return out
}

export const fuzzCases: readonly Case[] = [
  {
    id: 'fuzz/round-trip',
    claim: 'pages stitched together by chance come back as they were',
    level: 1,
    mutants: ['breaks-longest-match'],
    async run(t) {
      const ctx = await t.ctx()
      for (let i = 0; i < t.budget; i++) {
        const length = t.pick(4) === 0 ? 1 + t.pick(t.pageSize) : t.pageSize
        roundTrip(ctx, stitch(t, length), `stitched page ${i}`)
      }
    },
  },
  {
    id: 'fuzz/decompress',
    claim: 'mangled pages are contained, and the context works on',
    level: 1,
    mutants: ['throws-on-far-distance'],
    async run(t) {
      const ctx = await t.ctx()
      let [page, bytes] = [makePage('text', t.pageSize, t.seed), new Uint8Array(0)]
      let other = bytes
      for (let i = 0; i < t.budget; i++) {
        if (i % 50 === 0) {
          other = bytes
          page = makePage('text', t.pageSize, t.pick(1 << 30))
          if (i % 100 === 0) page.set(stitch(t, t.pageSize >> 1))
          bytes = press(ctx, page, 'a page to be mangled').slice()
        }
        expectContained(ctx, mangle(t, bytes, other), t.pageSize, `mangled page ${i}`)
        if (i % 50 === 49) expectPage(ctx, bytes, page, `a page after mangled page ${i}`)
      }
    },
  },
]
