/**
 * The LZ4 block format with the fast encoder. At acceleration 1 and without a dictionary, sizes are those of the Linux kernel.
 *
 * @module
 */
import { wasm } from './generated/lz4.js'
import { type CodecCtx, createCodecCtx } from './shared/ctx.js'
import { type CodecSpec, needDict, needWhole } from './shared/spec.js'
import type { CodecExports } from './shared/wasm.js'

export type { CodecCtx } from './shared/ctx.js'
export { pagesOnly } from './shared/pages-only.js'

export interface Lz4Options {
  /** Bytes in a page: a power of two from 4096 to 65536. */
  readonly pageSize: number
  /** From 1 (best ratio, and the default) to 65537 (fastest). */
  readonly acceleration?: number
  /** Bytes that both sides know, 1 to 64 KiB. Copied. */
  readonly dict?: Uint8Array
}

interface Lz4Exports extends CodecExports {
  configure(table: number, acceleration: number): void
  learn(dict: number, dictBytes: number, learned: number, pageSize: number): void
}

/** The hash table of the kernel: 8192 positions. */
const tableBytes = 16384

/** What `createLz4` builds, for whoever brings a memory of his own. */
export function lz4Spec({ pageSize, acceleration = 1, dict }: Lz4Options): CodecSpec<Lz4Exports> {
  needWhole('acceleration', acceleration, 1, 65537)
  needDict(dict, 65536)
  return {
    wasm,
    workspaceBytes: tableBytes + (dict ? tableBytes + dict.length + pageSize : 0),
    setup(exports, table, bytes) {
      exports.configure(table, acceleration)
      if (!dict) return
      const learned = table + tableBytes
      bytes.set(dict, learned + tableBytes)
      exports.learn(learned + tableBytes, dict.length, learned, pageSize)
    },
  }
}

/** A context for pages of `pageSize`. Throws a `RangeError` that names an option out of range. */
export function createLz4(options: Lz4Options): CodecCtx {
  return createCodecCtx(lz4Spec(options), options.pageSize)
}
