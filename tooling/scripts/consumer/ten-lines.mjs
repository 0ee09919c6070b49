// A backend, whole.
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** @param core a copy of `@zcomp/core` */
export const ten = ({ defineBackend, simpleCtx }) =>
  defineBackend({
    name: 'ten',
    format: 'deflate-raw',
    caps: { levels: 'none', dict: 'none', winbits: 'none', pageSizes: { min: 4096, max: 65536 }, managed: 'none' },
    module: 'none',
    setupParams: async ({ pageSize }) => ({
      managed: 'none',
      createCtx: () =>
        simpleCtx({
          pageSize,
          compress: (src) => deflateRawSync(src),
          decompress: (src, dst) => inflateRawSync(src, { maxOutputLength: dst.length }),
        }),
      async [Symbol.asyncDispose]() {},
    }),
  })
