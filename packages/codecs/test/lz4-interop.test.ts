import { afterAll, describe, expect, it } from 'vitest'
import { createLz4 } from '../src/lz4.js'
import { createLz4hc } from '../src/lz4hc.js'
import type { CodecCtx } from '../src/shared/ctx.js'
import { packed } from './support/codec-suite.js'
import { compileLibLz4 } from './support/liblz4.js'
import { makePage, pageKinds } from './support/pages.js'
import { seeded } from './support/random.js'

const library = compileLibLz4()
afterAll(() => library[Symbol.dispose]())

const dicts = {
  'no dictionary': undefined,
  'a small dictionary': makePage('text', 3000, seeded(99)),
  'a dictionary of 64 KiB': makePage('mixed', 65_536, seeded(98)),
}
const encoders: Record<string, (pageSize: number, dict: Uint8Array | undefined) => CodecCtx> = {
  'lz4 at acceleration 1': (pageSize, dict) => createLz4({ pageSize, ...(dict && { dict }) }),
  'lz4 at acceleration 9': (pageSize, dict) => createLz4({ pageSize, acceleration: 9, ...(dict && { dict }) }),
  'lz4hc at level 3': (pageSize, dict) => createLz4hc({ pageSize, level: 3, ...(dict && { dict }) }),
  'lz4hc at level 12': (pageSize, dict) => createLz4hc({ pageSize, level: 12, ...(dict && { dict }) }),
}

const pagesOf = (pageSize: number, dict: Uint8Array | undefined): Uint8Array[] => {
  const random = seeded(pageSize)
  const pages = pageKinds.flatMap((kind) => [1, 2, 3].map(() => makePage(kind, pageSize, random)))
  // One that has much in common with the dictionary, so that matches reach into it and across its end.
  if (dict) for (const page of pages) if (random(2)) page.set(dict.subarray(-2000), random(2000))
  return pages
}

// Where the machine has no C compiler, or no LZ4 library with headers, there is nothing to compare with.
describe.skipIf(library.missing)(`with the C library${library.missing ? ` (${library.missing})` : ''}`, () => {
  for (const [dictName, dict] of Object.entries(dicts)) {
    for (const pageSize of [4096, 65_536]) {
      const pages = pagesOf(pageSize, dict)

      it.each(Object.keys(encoders))(`reads %s, pages of ${pageSize}, ${dictName}`, (encoder) => {
        const ctx = encoders[encoder]!(pageSize, dict)
        const blocks = pages.map((page) => packed(ctx, page))
        const answers = library.run(
          blocks.map((source) => ({ operation: 'decompress', source, dict, capacity: pageSize })),
        )
        answers.forEach((answer, index) => {
          expect(Buffer.compare(answer as Uint8Array, pages[index]!)).toBe(0)
        })
      })

      it.each(['fast', 'hc'] as const)(`is read after %s, pages of ${pageSize}, ${dictName}`, (operation) => {
        const ctx = createLz4({ pageSize, ...(dict && { dict }) })
        const level = operation === 'fast' ? 1 : 9
        const blocks = library.run(
          pages.map((source) => ({ operation, level, source, dict, capacity: 2 * pageSize })),
        ) as Uint8Array[]
        blocks.forEach((block, index) => {
          const back = new Uint8Array(pageSize)
          expect(ctx.decompress(block, back)).toBe(pageSize)
          expect(Buffer.compare(back, pages[index]!)).toBe(0)
        })
      })
    }
  }

  it('makes blocks of about its size', () => {
    const pages = pagesOf(4096, undefined)
    const ctx = createLz4({ pageSize: 4096 })
    const ours = pages.map((page) => packed(ctx, page).length)
    const theirs = library.run(pages.map((source) => ({ operation: 'fast', source, capacity: 8192 }))) as Uint8Array[]
    // The library may start a match one byte nearer to the end than the kernel does.
    theirs.forEach((block, index) => {
      expect(Math.abs(block.length - ours[index]!)).toBeLessThanOrEqual(8)
    })
  })

  it.each([3, 9, 12])('makes blocks of about its size at level %i', (level) => {
    const pages = [4096, 16_384].flatMap((pageSize) => pagesOf(pageSize, undefined))
    const ctx = createLz4hc({ pageSize: 65_536, level })
    const ours = pages.reduce((sum, page) => sum + packed(ctx, page).length, 0)
    const blocks = library.run(pages.map((source) => ({ operation: 'hc', level, source, capacity: 2 ** 17 })))
    const theirs = (blocks as Uint8Array[]).reduce((sum, block) => sum + block.length, 0)
    // Its optimal encoder knows a trick for long chains, which large pages of small records have.
    expect(ours / theirs).toBeLessThan(level === 12 ? 1.02 : 1.01)
  })
})
