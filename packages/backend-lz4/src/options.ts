/** What `lz4()` can be told. */
import type { Accelerator } from '@zcomp/accelerator'
import { ZcompError } from '@zcomp/core'

/** Which encoder and decoder. Both write and read one format; `'napi'` knows neither levels nor browsers. */
export type Lz4Codec = 'wasm' | 'napi'

export interface Lz4Options {
  /** Software. Default `'wasm'`: sizes as the Linux kernel's, acceleration, any runtime. `'napi'`: native code, by lz4-napi. */
  readonly codec?: Lz4Codec
  /**
   * Whose engines lend managed streams: those of the process (`'default'`), those of an `accelerator()` of your own, or `'none'`: software
   * only. An engine starts when a device first has more work than one request.
   */
  readonly accelerator?: Accelerator | 'default' | 'none'
  /** What the engines run. Default `'auto'`: what pays, which is `'wasm'`. `'napi'` runs where the level is 1, which is all that it can do. */
  readonly engineCodec?: Lz4Codec | 'auto'
}

export interface Lz4Choices {
  readonly codec: Lz4Codec
  readonly accelerator: Accelerator | 'default' | 'none'
  readonly engineCodec: Lz4Codec | 'auto'
}

const codecs: readonly unknown[] = ['wasm', 'napi'] satisfies Lz4Codec[]

/** Fills in defaults. Throws EINVAL that names the option, what it may be and what came. */
export function readOptions(options: Lz4Options): Lz4Choices {
  const { codec = 'wasm', accelerator = 'default', engineCodec = 'auto' } = options
  need('codec', codec, codecs.includes(codec), "'wasm' or 'napi'")
  need('engineCodec', engineCodec, engineCodec === 'auto' || codecs.includes(engineCodec), "'auto', 'wasm' or 'napi'")
  const known = accelerator === 'default' || accelerator === 'none' || isAccelerator(accelerator)
  need('accelerator', accelerator, known, "'default', 'none' or what accelerator() makes")
  return { codec, accelerator, engineCodec }
}

function isAccelerator(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'join' in value && typeof value.join === 'function'
}

function need(option: string, value: unknown, ok: boolean, expected: string): void {
  if (ok) return
  const came = typeof value === 'string' ? JSON.stringify(value) : String(value)
  throw new ZcompError('EINVAL', `lz4: option ${option} must be ${expected}, not ${came}`)
}
