import { type CodecCtx, createLz4 } from '@zcomp/codecs/lz4'
import { Status, type ZcompCtx, type ZcompParams, type ZcompSetup } from '@zcomp/core'

/** Contexts of the WebAssembly codec, each with a memory of its own and the dictionary loaded into it once. */
export function wasmSetup({ pageSize, level, dict }: ZcompParams): ZcompSetup {
  const options = { pageSize, ...(level && { acceleration: level }), ...(dict && { dict }) }
  return { managed: 'none', createCtx: () => pagesOnly(createLz4(options)), async [Symbol.asyncDispose]() {} }
}

/** The codec reads blocks, and a block may hold no bytes at all; a page never does. */
function pagesOnly(codec: CodecCtx): ZcompCtx {
  return {
    input: codec.input,
    buffer: codec.buffer,
    compress: (offset, length) => codec.compress(offset, length),
    decompress: (src, dst) => codec.decompress(src, dst) || Status.corrupt,
    [Symbol.dispose]: () => codec[Symbol.dispose](),
  }
}
