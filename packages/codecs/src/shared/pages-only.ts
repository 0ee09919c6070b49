import type { CodecCtx } from './ctx.js'
import { Status } from './spec.js'

/**
 * The same context, for whoever stores pages: `decompress` answers `dst.length` or a negative `Status`. To a codec a block of fewer bytes
 * than there is room for is well, and one of no bytes too; neither is a page.
 */
export function pagesOnly(codec: CodecCtx): CodecCtx {
  return {
    ...codec,
    decompress(src, dst) {
      const got = codec.decompress(src, dst)
      return got < 0 || got === dst.length ? got : Status.corrupt
    },
  }
}
