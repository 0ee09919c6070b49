import { createLz4, pagesOnly } from '@zcomp/codecs/lz4'
import type { ZcompParams, ZcompSetup } from '@zcomp/core'

/** Contexts of the WebAssembly codec, each with a memory of its own and the dictionary loaded into it once. */
export function wasmSetup({ pageSize, level, dict }: ZcompParams): ZcompSetup {
  const options = { pageSize, ...(level && { acceleration: level }), ...(dict && { dict }) }
  return { managed: 'none', createCtx: () => pagesOnly(createLz4(options)), async [Symbol.asyncDispose]() {} }
}
