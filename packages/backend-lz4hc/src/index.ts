/** lz4hc: raw LZ4 blocks like those of lz4, smaller and slower to make. */
import { createLz4hc, pagesOnly } from '@zcomp/codecs/lz4hc'
import { defineBackend, type ZcompOps } from '@zcomp/core'

const defaultLevel = 9

/** The lz4hc backend. It has no options: level and dictionary are parameters. */
export const lz4hc = (): ZcompOps =>
  defineBackend({
    name: 'lz4hc',
    // The decoder is that of lz4: each reads what the other wrote.
    format: 'lz4',
    caps: {
      levels: { min: 3, max: 12, default: defaultLevel },
      dict: { maxBytes: 65536 },
      winbits: 'none',
      pageSizes: { min: 4096, max: 65536 },
      managed: 'none',
    },
    module: { url: import.meta.url, factory: 'lz4hc', options: {} },
    async setupParams({ pageSize, level = defaultLevel, dict }) {
      const options = { pageSize, level, ...(dict && { dict }) }
      return { managed: 'none', createCtx: () => pagesOnly(createLz4hc(options)), async [Symbol.asyncDispose]() {} }
    },
  })
