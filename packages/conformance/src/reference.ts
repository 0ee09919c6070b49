/** A backend that keeps the contract in every point, and claims all of it: what the kit is tried on, and what the mutants are made of. */
import {
  defineBackend,
  type ManagedStreams,
  type ZcompCaps,
  type ZcompCtx,
  type ZcompOps,
  type ZcompParams,
} from '@zcomp/core'
import type { BatchDevice } from './fakes/batch-device.js'
import { TinyEncoder, type TinyOptions, tinyDecode } from './tiny-lz.js'

export interface ReferenceOptions {
  /** Claims nothing that may be `'none'`. */
  readonly bare?: boolean
  /** Lends managed streams of this device. */
  readonly device?: BatchDevice | undefined
}

const full = {
  levels: { min: 1, max: 9, default: 3 },
  winbits: { min: 8, max: 16, default: 16 },
  dict: { maxBytes: 8192 },
  pageSizes: { min: 512, max: 65536 },
} as const

const none = new Uint8Array(0)

/** The options of the codec that stand for these parameters. */
export function tinyOptions({ level, winbits, dict }: ZcompParams): TinyOptions {
  return { level: level ?? full.levels.default, winbits: winbits ?? full.winbits.default, dict: dict ?? none }
}

export function tinyCtx(pageSize: number, options: TinyOptions): ZcompCtx {
  const input = new Uint8Array(Math.max(pageSize, 128 * 1024))
  const buffer = new Uint8Array(2 * pageSize)
  const encoder = new TinyEncoder(options)
  return {
    input,
    buffer,
    compress: (offset, length) => encoder.encode(input.subarray(offset, offset + length), buffer),
    decompress: (src, dst) => tinyDecode(src, dst, options.dict),
    [Symbol.dispose]() {},
  }
}

export function reference({ bare = false, device }: ReferenceOptions = {}): ZcompOps {
  const claims: Omit<ZcompCaps, 'managed'> = bare
    ? { levels: 'none', winbits: 'none', dict: 'none', pageSizes: { min: 4096, max: 4096 } }
    : full
  return defineBackend({
    name: 'tiny-lz',
    format: 'tiny-lz',
    caps: { ...claims, managed: device ? 'compress' : 'none' },
    module: { url: import.meta.url, factory: 'reference', options: { bare } },
    async setupParams(params) {
      const options = tinyOptions(params)
      if (device && params.pageSize > device.slotBytes) {
        return { refused: 'pageSize', why: `must be at most ${device.slotBytes}, the size of the device's slots` }
      }
      const encoder = new TinyEncoder(options)
      const face = device?.attach((src, dst) => encoder.encode(src, dst))
      const managed: ManagedStreams | 'none' = face?.streams ?? 'none'
      return {
        managed,
        createCtx: () => tinyCtx(params.pageSize, options),
        async [Symbol.asyncDispose]() {
          face?.stop()
        },
      }
    },
  })
}
