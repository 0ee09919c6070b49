/** A codec that costs next to nothing, for schedules by the hundred: text loses its eighth bits, everything else is kept as it is. */
import { defineBackend, Status, simpleCtx, type ZcompOps } from '@zcomp/core'

const packed = 0
const plain = 1

function compress(src: Uint8Array, dst: Uint8Array): number {
  if (src.length % 8 || src.some((byte) => byte > 127)) {
    dst[0] = plain
    dst.set(src, 1)
    return src.length + 1
  }
  dst[0] = packed
  let out = 1
  for (let i = 0; i < src.length; i += 8) {
    for (let k = 1; k < 8; k++) dst[out++] = src[i + k]! | (((src[i]! >> (k - 1)) & 1) << 7)
  }
  return out
}

function decompress(src: Uint8Array, dst: Uint8Array): number {
  const kept = src[0] === plain
  if (src.length - 1 !== (kept ? dst.length : (dst.length / 8) * 7)) return Status.corrupt
  if (kept) {
    dst.set(src.subarray(1))
    return dst.length
  }
  let at = 1
  for (let i = 0; i < dst.length; i += 8) {
    let first = 0
    for (let k = 1; k < 8; k++) {
      const byte = src[at++]!
      dst[i + k] = byte & 127
      first |= (byte >> 7) << (k - 1)
    }
    dst[i] = first
  }
  return dst.length
}

export function quick(pageSizes: { min: number; max: number } = { min: 4096, max: 65536 }): ZcompOps {
  return defineBackend({
    name: 'quick',
    format: 'quick',
    caps: { levels: 'none', dict: 'none', winbits: 'none', pageSizes, managed: 'none' },
    module: 'none',
    async setupParams({ pageSize }) {
      return {
        managed: 'none',
        createCtx: () => simpleCtx({ pageSize, compress, decompress }),
        async [Symbol.asyncDispose]() {},
      }
    },
  })
}
