/**
 * 842 as the software of Linux does it. Compressed pages are, byte for byte, those of the kernel, and carry a CRC of the page.
 *
 * @module
 */
import { wasm } from './generated/sw842.js'
import { type CodecCtx, createCodecCtx } from './shared/ctx.js'
import type { CodecSpec } from './shared/spec.js'
import type { CodecExports } from './shared/wasm.js'

export type { CodecCtx } from './shared/ctx.js'
export { pagesOnly } from './shared/pages-only.js'

export interface Sw842Options {
  /** Bytes in a page: a power of two from 4096 to 65536. */
  readonly pageSize: number
}

interface Sw842Exports extends CodecExports {
  configure(workspace: number): void
}

/** Where the encoder finds earlier values: the place of each of two bytes, and heads and links of chains for units of four and eight. */
const indexBytes = 2 * (65536 + 2048 + 1024 + 16384 + 8192)

/** What `create842` builds, for whoever brings a memory of his own. */
export function sw842Spec(): CodecSpec<Sw842Exports> {
  return {
    wasm,
    workspaceBytes: indexBytes,
    setup: (exports, workspace) => exports.configure(workspace),
  }
}

/**
 * A context for pages of `pageSize`. Its decoder checks the CRC, and answers -28 where the page is longer than `dst`, -74 for every other fault of the
 * data. Throws a `RangeError` that names an option out of range.
 */
export function create842(options: Sw842Options): CodecCtx {
  return createCodecCtx(sw842Spec(), options.pageSize)
}
