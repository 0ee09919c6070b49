/** lz4: raw LZ4 blocks, as zram stores them; in software, and by engines that lend managed streams. */
import { defineBackend, type EngineModule, type ZcompOps, type ZcompParams, type ZcompSetup } from '@zcomp/core'
import { type Lz4Choices, type Lz4Codec, type Lz4Options, readOptions } from './options.js'
import { wasmSetup } from './wasm.js'

export type { Lz4Codec, Lz4Options } from './options.js'

/** The lz4 backend. `level` is the kernel's acceleration: more is faster and larger. Throws EINVAL for an unknown option. */
export function lz4(options: Lz4Options = {}): ZcompOps {
  const choices = readOptions(options)
  const { codec, accelerator } = choices
  return defineBackend({
    name: 'lz4',
    format: 'lz4',
    caps: {
      // lz4-napi has no knob for acceleration: it does what level 1 means.
      levels: { min: 1, max: codec === 'napi' ? 1 : 65535, default: 1 },
      dict: { maxBytes: 65536 },
      winbits: 'none',
      pageSizes: { min: 4096, max: 65536 },
      managed: accelerator === 'none' ? 'none' : 'compress',
    },
    module: softwareModule(codec),
    async setupParams(params) {
      const software = await softwareSetup(codec, params)
      return accelerator === 'none' ? software : managedSetup(software, choices, params)
    },
  })
}

/** How a worker builds the same in software. */
function softwareModule(codec: Lz4Codec): EngineModule {
  return { url: import.meta.url, factory: 'lz4', options: { codec, accelerator: 'none' } }
}

async function softwareSetup(codec: Lz4Codec, params: ZcompParams): Promise<ZcompSetup> {
  if (codec === 'wasm') return wasmSetup(params)
  // Loaded on demand: whoever runs WebAssembly needs no native code on his machine.
  const { napiSetup } = await import('./napi.js')
  return napiSetup(params)
}

async function managedSetup(software: ZcompSetup, choices: Lz4Choices, params: ZcompParams): Promise<ZcompSetup> {
  // Loaded on demand too: a browser has no worker threads of this kind.
  const { defaultAccelerator, withStreams } = await import('@zcomp/accelerator')
  const pool = choices.accelerator === 'default' ? defaultAccelerator() : choices.accelerator
  if (pool === 'none') return software
  const module = softwareModule(engineCodec(choices, params))
  return withStreams(software, pool.join({ name: 'lz4', format: 'lz4', module, params }))
}

/**
 * lz4-napi where it is asked for and can do what the parameters ask. By itself it never pays: a call costs two microseconds before it does
 * anything, and its answer must be copied out of memory that the collector frees late. See decision 4 for what it costs.
 */
function engineCodec({ engineCodec }: Lz4Choices, { level = 1 }: ZcompParams): Lz4Codec {
  return engineCodec === 'napi' && level === 1 ? 'napi' : 'wasm'
}
