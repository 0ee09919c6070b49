/**
 * The LZ4 block format with an encoder that takes more time for smaller blocks. Every LZ4 decoder reads them, that of `lz4` included.
 *
 * @module
 */
import { wasm } from './generated/lz4hc.js'
import { type CodecCtx, createCodecCtx } from './shared/ctx.js'
import { type CodecSpec, needDict, needWhole } from './shared/spec.js'
import type { CodecExports } from './shared/wasm.js'

export type { CodecCtx } from './shared/ctx.js'

export interface Lz4hcOptions {
  /** Bytes in a page: a power of two from 4096 to 65536. */
  readonly pageSize: number
  /** From 3 (fastest) to 12 (smallest blocks); 9 if absent. */
  readonly level?: number
  /** Bytes that both sides know, 1 to 64 KiB. Copied. */
  readonly dict?: Uint8Array
}

interface Lz4hcExports extends CodecExports {
  configure(
    heads: number,
    bits: number,
    entryBytes: number,
    chain: number,
    depth: number,
    learned: number,
    dict: number,
    dictBytes: number,
  ): void
}

/** Chain heads: twice as many as there are positions, but no more than the cache likes, since they are cleared for every page. */
const headBits = (positions: number): number => Math.min(15, Math.max(13, Math.ceil(Math.log2(positions)) + 1))

/** Steps that a search may take along its chain, from level 3 on. More than the last only makes bad pages take forever. */
const depths = [4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096]
const leastLevel = 3
const mostLevel = leastLevel + depths.length - 1

/** What `createLz4hc` builds, for whoever brings a memory of his own. */
export function lz4hcSpec({ pageSize, level = 9, dict }: Lz4hcOptions): CodecSpec<Lz4hcExports> {
  needWhole('level', level, leastLevel, mostLevel)
  needDict(dict, 65536)
  const dictBytes = dict?.length ?? 0
  const positions = dictBytes + pageSize
  const entryBytes = positions > 65536 ? 4 : 2
  const bits = headBits(positions)
  const headsBytes = entryBytes << bits
  const chainBytes = entryBytes * (positions + 1)
  return {
    wasm,
    workspaceBytes: headsBytes + chainBytes + (dict ? headsBytes + positions : 0),
    setup(exports, workspace, bytes) {
      const learned = workspace + headsBytes
      const chain = learned + (dict ? headsBytes : 0)
      const dictAt = chain + chainBytes
      if (dict) bytes.set(dict, dictAt)
      exports.configure(workspace, bits, entryBytes, chain, depths[level - leastLevel]!, learned, dictAt, dictBytes)
    },
  }
}

/** A context for pages of `pageSize`. Throws a `RangeError` that names an option out of range. */
export function createLz4hc(options: Lz4hcOptions): CodecCtx {
  return createCodecCtx(lz4hcSpec(options), options.pageSize)
}
