/** lzo and lzo-rle: LZO1X-1 as in Linux, byte for byte. One decoder reads the pages of both. */
import { createLzo, pagesOnly } from '@zcomp/codecs/lzo'
import { defineBackend, type ZcompOps } from '@zcomp/core'

interface Variant {
  readonly name: string
  readonly format: string
  /** The export of this module that makes it. */
  readonly factory: string
  /** Writes the bitstream that has a form for runs of zeros. */
  readonly rle: boolean
}

/** The lzo backend. It has neither options nor parameters but the size of a page. */
export const lzo = (): ZcompOps => backend({ name: 'lzo', format: 'lzo1x', factory: 'lzo', rle: false })

/** The lzo-rle backend, the default of Linux zram: lzo with a short form for runs of zeros, and just as little to choose. */
export const lzoRle = (): ZcompOps => backend({ name: 'lzo-rle', format: 'lzo1x-rle', factory: 'lzoRle', rle: true })

function backend({ name, format, factory, rle }: Variant): ZcompOps {
  return defineBackend({
    name,
    format,
    caps: { levels: 'none', dict: 'none', winbits: 'none', pageSizes: { min: 4096, max: 65536 }, managed: 'none' },
    module: { url: import.meta.url, factory, options: {} },
    async setupParams({ pageSize }) {
      return {
        managed: 'none',
        createCtx: () => pagesOnly(createLzo({ pageSize, rle })),
        async [Symbol.asyncDispose]() {},
      }
    },
  })
}
