/** One format, many encoders: now, and years ago. */
import type { ZcompOps, ZcompParams } from '@zcomp/core'
import { check, same } from '../check.js'
import { expectPage, tryPress } from '../codec.js'
import { goldenBytes, goldenParams, pageOf } from '../golden.js'
import { makePage, pageKinds } from '../pages.js'
import { hash } from '../random.js'
import type { Case, Trial } from '../types.js'

/** Parameters that both claim: the defaults, and a dictionary where both take one. */
function common(a: ZcompOps, b: ZcompOps): Partial<ZcompParams>[] {
  const [one, two] = [a.caps.dict, b.caps.dict]
  if (one === 'none' || two === 'none') return [{}]
  return [{}, { dict: makePage('text', Math.min(one.maxBytes, two.maxBytes, 4096), 3) }]
}

async function meet(t: Trial, peer: ZcompOps, extra: Partial<ZcompParams>): Promise<void> {
  const theirs = t.ctxOf(await t.setup(extra, peer))
  const ours = await t.ctx(extra)
  for (const kind of pageKinds) {
    for (const length of [t.pageSize, 1000]) {
      const page = makePage(kind, Math.min(length, t.pageSize), t.seed)
      const what = `${page.length} bytes of ${kind}`
      const [mine, its] = [tryPress(ours, page, what), tryPress(theirs, page, `${what} by ${peer.name}`)]
      if (mine) expectPage(theirs, mine, page, `our ${what} by ${peer.name}`)
      if (its) expectPage(ours, its, page, `${what} of ${peer.name}`)
    }
  }
}

export const interopCases: readonly Case[] = [
  {
    id: 'interop/peers',
    claim: "backends of one format read each other's pages",
    level: 1,
    mutants: ['other-bytes-same-format'],
    when: (_, { peers }) => peers.length > 0,
    async run(t) {
      for (const peer of t.peers) {
        same(peer.format, t.ops.format, `the format of the peer ${peer.name}`)
        for (const extra of common(t.ops, peer)) await meet(t, peer, extra)
      }
    },
  },
  {
    id: 'interop/golden',
    claim: 'pages that earlier versions wrote are read for ever',
    level: 1,
    mutants: ['new-bytes-old-format'],
    when: (_, { golden }) => golden.length > 0,
    async run(t) {
      let pages = 0
      for (const golden of t.golden) {
        same(golden.format, t.ops.format, 'the format of a golden file')
        const ctx = await t.ctx(goldenParams(golden))
        for (const name of golden.pages) {
          const page = pageOf(name)
          same(hash(page), name.hash, `the checksum of the ${name.kind} page that makePage makes`)
          expectPage(ctx, goldenBytes(name), page, `a golden ${name.kind} page`)
          pages++
        }
      }
      check(pages > 0, 'some golden page', pages)
    },
  },
]
