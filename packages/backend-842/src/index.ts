/** 842 as the software of Linux does it, byte for byte, with its checksum. */
import { create842, pagesOnly } from '@zcomp/codecs/842'
import { defineBackend, type ZcompOps } from '@zcomp/core'

/** The 842 backend. It has neither options nor parameters but the size of a page. */
export const sw842 = (): ZcompOps =>
  defineBackend({
    name: '842',
    format: '842',
    caps: { levels: 'none', dict: 'none', winbits: 'none', pageSizes: { min: 4096, max: 65536 }, managed: 'none' },
    module: { url: import.meta.url, factory: 'sw842', options: {} },
    async setupParams({ pageSize }) {
      return {
        managed: 'none',
        createCtx: () => pagesOnly(create842({ pageSize })),
        async [Symbol.asyncDispose]() {},
      }
    },
  })
