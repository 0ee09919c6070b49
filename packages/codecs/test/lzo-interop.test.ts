import { afterAll, describe, expect, it } from 'vitest'
import { createLzo } from '../src/lzo.js'
import { compileLzoLibrary } from './lzo-library.js'
import { adversarialPages } from './lzo-pages.js'
import { packed } from './support/codec-suite.js'
import { makePage, pageKinds } from './support/pages.js'
import { seeded } from './support/random.js'

const library = compileLzoLibrary()
afterAll(() => library[Symbol.dispose]())

function pagesOf(pageSize: number): Uint8Array[] {
  const random = seeded(pageSize)
  const pages = pageKinds.flatMap((kind) => [1, 2, 3, 4].map(() => makePage(kind, pageSize, random)))
  return pageSize === 4096 ? [...pages, ...adversarialPages(400)] : pages
}

// Where the machine has no C compiler, or no LZO library with headers, there is nothing to compare with. The library knows bitstream 0 only.
describe.skipIf(library.missing)(`with the C library${library.missing ? ` (${library.missing})` : ''}`, () => {
  for (const pageSize of [4096, 65_536]) {
    const pages = pagesOf(pageSize)

    it(`is read by it, pages of ${pageSize}`, () => {
      const ctx = createLzo({ pageSize, rle: false })
      const streams = pages.map((page) => packed(ctx, page))
      const answers = library.run(
        streams.map((source) => ({ operation: 'decompress', source, capacity: pageSize }) as const),
      )
      answers.forEach((answer, index) => {
        expect(Buffer.compare(answer as Uint8Array, pages[index]!)).toBe(0)
      })
    })

    it.each(['lzo1x-1', 'lzo1x-999'] as const)(`reads its %s, pages of ${pageSize}`, (operation) => {
      const ctx = createLzo({ pageSize, rle: true })
      const streams = library.run(pages.map((source) => ({ operation, source, capacity: 2 * pageSize })))
      streams.forEach((stream, index) => {
        const back = new Uint8Array(pageSize)
        expect(ctx.decompress(stream as Uint8Array, back)).toBe(pageSize)
        expect(Buffer.compare(back, pages[index]!)).toBe(0)
      })
    })
  }
})
