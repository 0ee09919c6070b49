/** The backend: what it can do, as data, and how to set it up. */
import { defineBackend, simpleCtx, type ZcompOps } from '@zcomp/core'
import { createCodec } from './codec.js'

export const __factory__ = (): ZcompOps =>
  defineBackend({
    name: '__name__',
    format: '__name__',
    caps: { levels: 'none', dict: 'none', winbits: 'none', pageSizes: { min: 4096, max: 65536 }, managed: 'none' },
    module: { url: import.meta.url, factory: '__factory__', options: {} },
    async setupParams({ pageSize }) {
      return {
        managed: 'none',
        createCtx: () => simpleCtx(createCodec(pageSize)),
        async [Symbol.asyncDispose]() {},
      }
    },
  })
