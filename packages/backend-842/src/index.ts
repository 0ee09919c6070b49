/** 842 as the software of Linux does it, byte for byte, with its checksum. */
import { type CodecCtx, create842 } from '@zcomp/codecs/842'
import { defineBackend, Status, type ZcompCtx, type ZcompOps } from '@zcomp/core'

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

/** To the codec a stream of fewer bytes than there is room for is well; to zcomp it is not a page. */
function pagesOnly(codec: CodecCtx): ZcompCtx {
  return {
    input: codec.input,
    buffer: codec.buffer,
    compress: (offset, length) => codec.compress(offset, length),
    decompress(src, dst) {
      const got = codec.decompress(src, dst)
      return got < 0 || got === dst.length ? got : Status.corrupt
    },
    [Symbol.dispose]: () => codec[Symbol.dispose](),
  }
}
