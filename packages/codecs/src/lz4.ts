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

export interface Lz4Options {
  /** Bytes in a page: a power of two from 4096 to 65536. */
  readonly pageSize: number
  /** From 1 (best ratio, and the default) to 65537 (fastest). */
  readonly acceleration?: number
  /** Bytes that both sides know, 1 to 64 KiB. Copied. */
  readonly dict?: Uint8Array
}

interface Lz4Exports extends CodecExports {
  dictOffset(): number
  configure(workspace: number, pageSize: number, acceleration: number, dictBytes: number): void
}

const tablesBytes = 2 * 16384

/** What `createLz4` builds, for whoever brings a memory of his own. */
export function lz4Spec({ pageSize, acceleration = 1, dict }: Lz4Options): CodecSpec<Lz4Exports> {
  needWhole('acceleration', acceleration, 1, 65537)
  needDict(dict, 65536)
  const dictBytes = dict?.length ?? 0
  return {
    wasm,
    workspaceBytes: tablesBytes + (dict ? dictBytes + pageSize : 0),
    setup(exports, workspace, bytes) {
      if (dict) bytes.set(dict, workspace + exports.dictOffset())
      exports.configure(workspace, pageSize, acceleration, dictBytes)
    },
  }
}

/** A context for pages of `pageSize`. Throws a `RangeError` that names an option out of range. */
export function createLz4(options: Lz4Options): CodecCtx {
  return createCodecCtx(lz4Spec(options), options.pageSize)
}
