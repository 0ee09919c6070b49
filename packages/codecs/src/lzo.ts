/**
 * LZO1X-1 as in Linux: bitstream 0 is what zram calls `lzo`, bitstream 1, which has a form for runs of zeros, `lzo-rle`. Compressed pages are, byte for
 * byte, those of the kernel. One decoder reads both.
 */
import { wasm } from './generated/lzo.js'
import { type CodecCtx, createCodecCtx } from './shared/ctx.js'
import type { CodecSpec } from './shared/spec.js'
import type { CodecExports } from './shared/wasm.js'

export type { CodecCtx } from './shared/ctx.js'
export { Status } from './shared/spec.js'

export interface LzoOptions {
  /** Bytes in a page: a power of two from 4096 to 65536. */
  readonly pageSize: number
  /** Writes bitstream 1 (lzo-rle) instead of 0 (lzo). Says nothing of what can be read. */
  readonly rle: boolean
}

export interface LzoExports extends CodecExports {
  setup(workspace: number, zeroRuns: number): void
}

const hashTableBytes = 16384

/** What the module is set up with, for `createCodecCtx` and for tests that look at its memory. */
export function lzoSpec(rle: boolean): CodecSpec<LzoExports> {
  return {
    wasm,
    workspaceBytes: hashTableBytes,
    setup: (exports, workspace) => exports.setup(workspace, rle ? 1 : 0),
  }
}

/**
 * A context with a memory of its own, of some 300 KiB. Its decoder answers -28 where the page is longer than `dst`, and -74 for every other fault
 * of the data. It reads any LZO1X stream that Linux reads, also those that no LZO1X-1 encoder writes.
 */
export function createLzo(options: LzoOptions): CodecCtx {
  return createCodecCtx(lzoSpec(options.rle), options.pageSize)
}
