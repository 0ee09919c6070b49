/** Brotli pages, by Node's own zlib. */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { defineBackend, Status, simpleCtx } from '@zcomp/core'

export const brotli = () =>
  defineBackend({
    name: 'brotli',
    format: 'brotli',
    caps: {
      levels: { min: 0, max: 11, default: 4 },
      dict: 'none',
      winbits: 'none',
      pageSizes: { min: 4096, max: 65536 },
      managed: 'none',
    },
    module: { url: import.meta.url, factory: 'brotli', options: {} },
    async setupParams({ pageSize, level = 4 }) {
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: level,
        // A window that holds the whole page, and no more: that is memory to clear for every page.
        [constants.BROTLI_PARAM_LGWIN]: Math.log2(pageSize) + 1,
        [constants.BROTLI_PARAM_SIZE_HINT]: pageSize,
      }
      return { managed: 'none', createCtx: () => createCtx(pageSize, params), async [Symbol.asyncDispose]() {} }
    },
  })

const createCtx = (pageSize, params) =>
  simpleCtx({
    pageSize,
    compress: (src) => brotliCompressSync(src, { params }),
    decompress(src, dst) {
      const page = brotliDecompressSync(src, { maxOutputLength: dst.length })
      return page.length === dst.length ? page : Status.corrupt
    },
  })
