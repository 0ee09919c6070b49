/** Snappy, by a package that brings its native code ready-made for each platform. Replace it with yours. */
import { type SimpleCodec, Status } from '@zcomp/core'
import { compressSync, uncompressSync } from 'snappy'

export function createCodec(pageSize: number): SimpleCodec {
  return {
    pageSize,
    compress: (src) => compressSync(src),
    decompress(src, dst) {
      // Snappy makes room for what the first bytes promise, and that can be gigabytes: so it is not asked before that is known.
      if (promisedBytes(src) !== dst.length) return Status.corrupt
      const page = uncompressSync(src)
      return typeof page !== 'string' && page.length === dst.length ? page : Status.corrupt
    },
  }
}

/** The length of the page, seven bits to a byte, the lowest first; -1 where there is none. */
function promisedBytes(src: Uint8Array): number {
  let value = 0
  for (let i = 0; i < Math.min(src.length, 4); i++) {
    const byte = src[i]!
    value |= (byte & 127) << (7 * i)
    if (byte < 128) return value
  }
  return -1
}
