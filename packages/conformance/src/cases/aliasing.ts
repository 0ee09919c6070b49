/** Where `src` and `dst` may lie: in the context's own memory, unaligned, in shared memory. */
import type { ZcompCtx } from '@zcomp/core'
import { fail, sameBytes } from '../check.js'
import { decompress, expectPage, press } from '../codec.js'
import { guarded } from '../memory.js'
import { makePage } from '../pages.js'
import type { Case } from '../types.js'

/** Decompresses into a place within memory that the context owns, and holds everything around that place against what it was. */
function expectInside(
  ctx: ZcompCtx,
  src: Uint8Array,
  where: Uint8Array,
  at: number,
  page: Uint8Array,
  what: string,
): void {
  const before = where.slice()
  before.set(page, at)
  const answer = decompress(ctx, src, where.subarray(at, at + page.length), what)
  if (answer !== page.length) fail(`decompress of ${what} to answer ${page.length}`, answer)
  sameBytes(where, before, `all of the memory after decompress of ${what}`)
}

export const aliasingCases: readonly Case[] = [
  {
    id: 'aliasing/buffer-to-input',
    claim: "decompress reads from the context's own buffer and fills any page of its own input, and no byte beside it",
    level: 1,
    mutants: ['decodes-through-input'],
    async run(t) {
      const ctx = await t.ctx()
      const page = makePage('text', t.pageSize, t.seed)
      for (let at = 0; at + t.pageSize <= ctx.input.length; at += t.pageSize) {
        const wrote = press(ctx, page).length
        ctx.input.set(makePage('noise', ctx.input.length, t.seed))
        const src = ctx.buffer.subarray(0, wrote)
        expectInside(ctx, src, ctx.input, at, page, `a page from buffer into input at ${at}`)
      }
    },
  },
  {
    id: 'aliasing/input-to-buffer',
    claim:
      "decompress reads from the context's own input and fills either page of its own buffer, and no byte beside it",
    level: 1,
    mutants: ['stages-src-in-buffer'],
    async run(t) {
      const ctx = await t.ctx()
      const page = makePage('pointers', t.pageSize, t.seed)
      const bytes = press(ctx, page)
      for (const at of [0, ctx.buffer.length - t.pageSize]) {
        for (const from of [0, ctx.input.length - bytes.length]) {
          ctx.input.set(bytes, from)
          ctx.buffer.set(makePage('noise', ctx.buffer.length, t.seed))
          const src = ctx.input.subarray(from, from + bytes.length)
          expectInside(ctx, src, ctx.buffer, at, page, `a page from input at ${from} into buffer at ${at}`)
        }
      }
    },
  },
  {
    id: 'aliasing/one-memory',
    claim: 'src and dst may lie in one memory, side by side',
    level: 1,
    mutants: ['takes-all-of-the-memory'],
    async run(t) {
      const ctx = await t.ctx()
      const page = makePage('text', t.pageSize, t.seed)
      const bytes = press(ctx, page)
      const outside = new Uint8Array(t.pageSize + bytes.length + 64)
      const places: [Uint8Array, string][] = [[outside, 'a memory of the caller']]
      if (ctx.input.length >= outside.length) places.push([ctx.input, 'input'])
      for (const [memory, name] of places) {
        memory.fill(0x5a)
        memory.set(bytes, 32)
        const src = memory.subarray(32, 32 + bytes.length)
        expectInside(ctx, src, memory, 32 + bytes.length, page, `a page within ${name}`)
        memory.set(bytes, memory.length - bytes.length)
        const behind = memory.subarray(memory.length - bytes.length)
        expectInside(
          ctx,
          behind,
          memory,
          memory.length - bytes.length - t.pageSize,
          page,
          `a page within ${name}, dst first`,
        )
      }
    },
  },
  {
    id: 'aliasing/unaligned',
    claim: 'src and dst may begin at any byte of their memory',
    level: 1,
    mutants: ['wants-alignment'],
    async run(t) {
      const ctx = await t.ctx()
      const page = makePage('pointers', t.pageSize, t.seed)
      const bytes = press(ctx, page)
      for (let skew = 0; skew < 9; skew++) {
        const what = `a page, src and dst ${skew} off alignment,`
        const src = guarded(bytes.length, { skew })
        src.view.set(bytes)
        expectPage(ctx, src.view, page, what, { skew: 8 - skew })
      }
    },
  },
  {
    id: 'aliasing/shared-memory',
    claim: 'src and dst may lie in shared memory',
    level: 1,
    mutants: ['refuses-shared-memory'],
    when: () => typeof SharedArrayBuffer === 'function',
    async run(t) {
      const ctx = await t.ctx()
      const page = makePage('text', t.pageSize, t.seed)
      const bytes = press(ctx, page)
      for (const [from, to] of [
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const what = `a page, ${from ? 'shared' : 'own'} src and ${to ? 'shared' : 'own'} dst,`
        const src = guarded(bytes.length, { shared: from })
        src.view.set(bytes)
        expectPage(ctx, src.view, page, what, { shared: to })
        sameBytes(src.view, bytes, `src after decompress of ${what}`)
      }
    },
  },
]
