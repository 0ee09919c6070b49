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
export { pagesOnly } from './shared/pages-only.js'

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
    steps: number,
    enough: number,
  ): void
  learn(dict: number, dictBytes: number, learned: number): void
}

/** From level 3 on: steps that a search may take along its chain, and from what length on an optimal encoder asks no more; 0: not optimal. */
const levels: readonly { readonly depth: number; readonly enough: number }[] = [
  { depth: 4, enough: 0 },
  { depth: 8, enough: 0 },
  { depth: 16, enough: 0 },
  { depth: 32, enough: 0 },
  { depth: 64, enough: 0 },
  { depth: 128, enough: 0 },
  { depth: 256, enough: 0 },
  { depth: 128, enough: 64 },
  { depth: 256, enough: 128 },
  { depth: 512, enough: 256 },
]
const leastLevel = 3
const mostLevel = leastLevel + levels.length - 1

/** Chain heads: twice as many as there are positions, but no more than the cache likes, since they are cleared for every page. */
const headBits = (positions: number): number => Math.min(15, Math.max(13, Math.ceil(Math.log2(positions)) + 1))

const stepBytes = 12
/** Steps hold 32-bit numbers. */
const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4

/** What `createLz4hc` builds, for whoever brings a memory of his own. */
export function lz4hcSpec({ pageSize, level = 9, dict }: Lz4hcOptions): CodecSpec<Lz4hcExports> {
  needWhole('level', level, leastLevel, mostLevel)
  needDict(dict, 65536)
  const { depth, enough } = levels[level - leastLevel]!
  const dictBytes = dict?.length ?? 0
  const positions = dictBytes + pageSize
  const entryBytes = positions > 65536 ? 4 : 2
  const bits = headBits(positions)
  const headsBytes = entryBytes << bits
  const chainBytes = aligned(entryBytes * (positions + 1))
  const stepsBytes = enough ? stepBytes * (pageSize + 1) : 0
  return {
    wasm,
    workspaceBytes: headsBytes + chainBytes + stepsBytes + (dict ? headsBytes + positions : 0),
    setup(exports, heads, bytes) {
      const chain = heads + headsBytes
      const steps = chain + chainBytes
      exports.configure(heads, bits, entryBytes, chain, depth, steps, enough)
      if (!dict) return
      const learned = steps + stepsBytes
      bytes.set(dict, learned + headsBytes)
      exports.learn(learned + headsBytes, dictBytes, learned)
    },
  }
}

/** A context for pages of `pageSize`. Throws a `RangeError` that names an option out of range. */
export function createLz4hc(options: Lz4hcOptions): CodecCtx {
  return createCodecCtx(lz4hcSpec(options), options.pageSize)
}
