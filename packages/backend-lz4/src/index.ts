/** lz4: raw LZ4 blocks, as zram stores them. */
import { defineBackend, ZcompError, type ZcompOps } from '@zcomp/core'
import { wasmSetup } from './wasm.js'

/** Which encoder and decoder. Both write and read one format; `'napi'` knows neither levels nor browsers. */
export type Lz4Codec = 'wasm' | 'napi'

export interface Lz4Options {
  /** Default `'wasm'`: sizes as the Linux kernel's, acceleration, any runtime. `'napi'`: native code, by lz4-napi. */
  readonly codec?: Lz4Codec
  /** Software only. */
  readonly accelerator?: 'none'
}

const codecs: readonly string[] = ['wasm', 'napi'] satisfies Lz4Codec[]

/** The lz4 backend. `level` is the kernel's acceleration: more is faster and larger. Throws EINVAL for an unknown option. */
export function lz4(options: Lz4Options = {}): ZcompOps {
  const { codec = 'wasm', accelerator = 'none' } = options
  need('codec', codec, codecs)
  need('accelerator', accelerator, ['none'])
  return defineBackend({
    name: 'lz4',
    format: 'lz4',
    caps: {
      // lz4-napi has no knob for acceleration: it does what level 1 means.
      levels: { min: 1, max: codec === 'napi' ? 1 : 65535, default: 1 },
      dict: { maxBytes: 65536 },
      winbits: 'none',
      pageSizes: { min: 4096, max: 65536 },
      managed: 'none',
    },
    module: { url: import.meta.url, factory: 'lz4', options: { codec, accelerator: 'none' } },
    async setupParams(params) {
      if (codec === 'wasm') return wasmSetup(params)
      // Loaded on demand: whoever runs WebAssembly needs no native code on his machine.
      const { napiSetup } = await import('./napi.js')
      return napiSetup(params)
    },
  })
}

function need(option: string, value: unknown, known: readonly string[]): void {
  if (typeof value === 'string' && known.includes(value)) return
  throw new ZcompError('EINVAL', `lz4: option ${option} must be ${known.join(' or ')}, not ${String(value)}`)
}
