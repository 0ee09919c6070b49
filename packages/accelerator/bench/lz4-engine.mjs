// lz4 as a backend that workers can build, straight on the codec.
import { createLz4 } from '@zcomp/codecs/lz4'
import { defineBackend } from '@zcomp/core'

export const lz4 = () =>
  defineBackend({
    name: 'lz4',
    format: 'lz4-block',
    caps: {
      levels: { min: 1, max: 65537, default: 1 },
      dict: { maxBytes: 65536 },
      winbits: 'none',
      pageSizes: { min: 4096, max: 65536 },
      managed: 'none',
    },
    module: { url: import.meta.url, factory: 'lz4', options: {} },
    async setupParams({ pageSize, level = 1, dict }) {
      return {
        createCtx: () => createLz4({ pageSize, acceleration: level, ...(dict ? { dict } : {}) }),
        managed: 'none',
        async [Symbol.asyncDispose]() {},
      }
    },
  })
