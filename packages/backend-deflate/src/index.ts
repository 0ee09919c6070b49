/** Raw deflate, by Node's own zlib: no header, no checksum, a window of 2 KiB unless asked for more, as zram stores it. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { defineBackend, Status, simpleCtx, type ZcompCtx, type ZcompOps } from '@zcomp/core'

const defaultLevel = 6
const defaultWinbits = 11
/** More than a page that does not compress: every page comes out in one piece. */
const slack = 64

/** The deflate backend. It has no options: level and window are parameters. */
export const deflate = (): ZcompOps =>
  defineBackend({
    name: 'deflate',
    format: 'deflate-raw',
    caps: {
      levels: { min: -1, max: 9, default: defaultLevel },
      dict: 'none',
      winbits: { min: 9, max: 15, default: defaultWinbits },
      pageSizes: { min: 4096, max: 65536 },
      managed: 'none',
    },
    module: { url: import.meta.url, factory: 'deflate', options: {} },
    async setupParams({ pageSize, level = defaultLevel, winbits = defaultWinbits }) {
      return {
        managed: 'none',
        createCtx: () => createCtx(pageSize, level, winbits),
        async [Symbol.asyncDispose]() {},
      }
    },
  })

function createCtx(pageSize: number, level: number, windowBits: number): ZcompCtx {
  const press = { level, windowBits, memLevel: 8, chunkSize: pageSize + slack }
  const unpress = { windowBits, chunkSize: pageSize + slack, maxOutputLength: pageSize }
  return simpleCtx({
    pageSize,
    compress: (src) => deflateRawSync(src, press),
    // A page that inflates beyond `dst` throws before more than one chunk is written; bytes after the end of the stream do not count.
    decompress(src, dst) {
      const page = inflateRawSync(src, dst.length === pageSize ? unpress : { ...unpress, maxOutputLength: dst.length })
      return page.length === dst.length ? page : Status.corrupt
    },
  })
}
