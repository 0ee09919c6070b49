/** zstd, by the C library: one standard frame to a page, with its length and without a checksum, as zram stores it. */
import { defineBackend, type Refused, Status, simpleCtx, type ZcompCtx, type ZcompOps } from '@zcomp/core'
import native from 'zstd-napi/binding.js'

export { type TrainOptions, trainDictionary } from './train.js'

const defaultLevel = 3
/** zstd itself passes over raw dictionaries that are shorter, without a word. */
const minDictBytes = 8

/** A codec with its parameters and digested dictionary bound, which contexts share. */
interface Digested {
  compress(cctx: native.CCtx, dst: Uint8Array, src: Uint8Array): number
  decompress(dctx: native.DCtx, dst: Uint8Array, src: Uint8Array): number
}

/** The zstd backend. It has no options: level and dictionary are parameters. */
export const zstd = (): ZcompOps =>
  defineBackend({
    name: 'zstd',
    format: 'zstd',
    caps: {
      levels: { min: -131072, max: 22, default: defaultLevel },
      dict: { maxBytes: 1024 * 1024 },
      winbits: 'none',
      pageSizes: { min: 4096, max: 65536 },
      managed: 'none',
    },
    module: { url: import.meta.url, factory: 'zstd', options: {} },
    async setupParams({ pageSize, level = defaultLevel, dict }) {
      const digested = dict ? withDict(dict, level) : plain(level)
      if ('refused' in digested) return digested
      return { managed: 'none', createCtx: () => createCtx(pageSize, digested), async [Symbol.asyncDispose]() {} }
    },
  })

const plain = (level: number): Digested => ({
  compress: (cctx, dst, src) => cctx.compress(dst, src, level),
  decompress: (dctx, dst, src) => dctx.decompress(dst, src),
})

function withDict(dict: Uint8Array, level: number): Digested | Refused {
  if (dict.length < minDictBytes) {
    return { refused: 'dict', why: `must have at least ${minDictBytes} bytes, not ${dict.length}: zstd ignores less` }
  }
  try {
    const cdict = new native.CDict(dict, level)
    const ddict = new native.DDict(dict)
    return {
      compress: (cctx, dst, src) => cctx.compressUsingCDict(dst, src, cdict),
      decompress: (dctx, dst, src) => dctx.decompressUsingDDict(dst, src, ddict),
    }
  } catch {
    return { refused: 'dict', why: 'begins like a formatted zstd dictionary, but its tables are damaged' }
  }
}

/** Both native contexts are reused for every page; garbage collection frees them, and knows their size. */
function createCtx(pageSize: number, { compress, decompress }: Digested): ZcompCtx {
  const cctx = new native.CCtx()
  const dctx = new native.DCtx()
  return simpleCtx({
    pageSize,
    compress: (src, dst) => compress(cctx, dst, src),
    // To zstd, no bytes are no frames, which is no error. Whatever else is wrong throws, and simpleCtx calls that corrupt.
    decompress: (src, dst) => (decompress(dctx, dst, src) === dst.length ? dst.length : Status.corrupt),
  })
}
