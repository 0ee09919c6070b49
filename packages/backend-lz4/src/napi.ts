/**
 * lz4-napi behind an adapter, because used as it comes it
 *
 * - puts the length of the page before the block and believes that length when it reads: four bytes of 0xff, and it allocates 4 GiB.
 *   Here the prefix is never stored, and always our own number;
 * - answers Buffers whose memory goes back only when the event loop turns. Here they are copied out at once, but they still pile up in
 *   a loop that never turns: whoever compresses gigabytes in one turn must give way now and then;
 * - reads its input on another thread where a call is asynchronous, after the caller may have changed or detached it. Here every call
 *   is synchronous.
 */
import { type SimpleCodec, Status, simpleCtx, type ZcompParams, type ZcompSetup } from '@zcomp/core'
import { compressSync, uncompressSync } from 'lz4-napi'

const prefixBytes = 4

export function napiSetup({ pageSize, dict }: ZcompParams): ZcompSetup {
  return {
    managed: 'none',
    createCtx: () => simpleCtx(codec(pageSize, dict)),
    async [Symbol.asyncDispose]() {},
  }
}

function codec(pageSize: number, dict: Uint8Array | undefined): SimpleCodec {
  const framed = new Uint8Array(prefixBytes + 2 * pageSize)
  const prefix = new DataView(framed.buffer)
  // The declarations ask for Buffers, the code takes any view of bytes.
  const dictionary = dict as Buffer | undefined
  return {
    pageSize,
    compress: (src) => compressSync(src as Buffer, dictionary).subarray(prefixBytes),
    decompress(src, dst) {
      if (src.length > 2 * pageSize) return Status.corrupt
      prefix.setUint32(0, dst.length, true)
      framed.set(src, prefixBytes)
      const page = uncompressSync(framed.subarray(0, prefixBytes + src.length), dictionary)
      return page.length === dst.length ? page : Status.corrupt
    },
  }
}
