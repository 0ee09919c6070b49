/**
 * LZO1X-1 as in Linux: bitstream 0, which zram calls `lzo`, and bitstream 1, which has a form for runs of zeros, `lzo-rle`. Compressed pages are, byte
 * for byte, those of the kernel. One decoder reads both.
 *
 * @module
 */
import { wasm } from './generated/lzo.js'
import { type CodecCtx, createCodecCtx } from './shared/ctx.js'
import type { CodecSpec } from './shared/spec.js'
import type { CodecExports } from './shared/wasm.js'

export type { CodecCtx } from './shared/ctx.js'
export { pagesOnly } from './shared/pages-only.js'

export interface LzoOptions {
  /** Bytes in a page: a power of two from 4096 to 65536. */
  readonly pageSize: number
  /** Writes bitstream 1 (lzo-rle) instead of 0 (lzo). Says nothing of what can be read. */
  readonly rle: boolean
}

interface LzoExports extends CodecExports {
  configure(workspace: number, zeroRuns: number): void
}

const hashTableBytes = 16384

/** What `createLzo` builds, for whoever brings a memory of his own. */
export function lzoSpec({ rle }: Pick<LzoOptions, 'rle'>): CodecSpec<LzoExports> {
  return {
    wasm,
    workspaceBytes: hashTableBytes,
    setup: (exports, workspace) => exports.configure(workspace, rle ? 1 : 0),
  }
}

/**
 * A context for pages of `pageSize`. Its decoder answers -28 where the page is longer than `dst`, and -74 for every other fault of the data; it reads any
 * LZO1X stream that Linux reads, also those that no LZO1X-1 encoder writes. Throws a `RangeError` that names an option out of range.
 */
export function createLzo(options: LzoOptions): CodecCtx {
  return createCodecCtx(lzoSpec(options), options.pageSize)
}
