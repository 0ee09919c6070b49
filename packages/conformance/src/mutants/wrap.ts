/** Ways to change one thing about a backend that is right otherwise. */
import type { ManagedStream, ManagedStreams, ZcompCaps, ZcompCtx, ZcompOps, ZcompParams, ZcompSetup } from '@zcomp/core'
import { tinyCtx, tinyOptions } from '../reference.js'
import { type TinyOptions, tinyDecode } from '../tiny-lz.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Made by hand, past `defineBackend` and its checks. */
export function remake(ops: ZcompOps, changes: Partial<ZcompOps>): ZcompOps {
  return Object.freeze({ ...ops, ...changes })
}

export function withCaps(ops: ZcompOps, changes: Partial<ZcompCaps>): ZcompOps {
  const caps: Mutable<ZcompCaps> = { ...ops.caps, ...changes }
  for (const value of Object.values(caps)) Object.freeze(value)
  return remake(ops, { caps: Object.freeze(caps) })
}

/** `change` sees the parameters before the backend has checked them. */
export function withParams(ops: ZcompOps, change: (params: ZcompParams) => ZcompParams): ZcompOps {
  return remake(ops, { setupParams: (params) => ops.setupParams(change(params)) })
}

export function withSetup(ops: ZcompOps, change: (setup: ZcompSetup, params: ZcompParams) => ZcompSetup): ZcompOps {
  return remake(ops, {
    async setupParams(params) {
      const setup = await ops.setupParams(params)
      return 'refused' in setup ? setup : change(setup, params)
    },
  })
}

export function withCtx(ops: ZcompOps, change: (ctx: ZcompCtx, params: ZcompParams) => Partial<ZcompCtx>): ZcompOps {
  return withSetup(ops, (setup, params) => ({
    ...setup,
    createCtx() {
      const ctx = setup.createCtx()
      // Not a spread of the change: a getter in it stays one.
      return Object.defineProperties({ ...ctx }, Object.getOwnPropertyDescriptors(change(ctx, params))) as ZcompCtx
    },
  }))
}

/** What becomes of each answer of `compress`. */
export function withCompressed(ops: ZcompOps, change: (wrote: number, ctx: ZcompCtx) => number): ZcompOps {
  return withCtx(ops, (ctx) => ({ compress: (offset, length) => change(ctx.compress(offset, length), ctx) }))
}

/** What becomes of each answer of `decompress`. */
export function withDecompressed(
  ops: ZcompOps,
  change: (answer: number, src: Uint8Array, dst: Uint8Array) => number,
): ZcompOps {
  return withCtx(ops, (ctx) => ({ decompress: (src, dst) => change(ctx.decompress(src, dst), src, dst) }))
}

export function withStreams(
  ops: ZcompOps,
  change: (managed: ManagedStreams, params: ZcompParams) => Partial<ManagedStreams>,
): ZcompOps {
  return withSetup(ops, (setup, params) => {
    const { managed } = setup
    return managed === 'none' ? setup : { ...setup, managed: { ...managed, ...change(managed, params) } }
  })
}

/** Each stream replaced by a changed one, and put back as what it was. */
export function withStream(
  ops: ZcompOps,
  change: (stream: ManagedStream, params: ZcompParams) => Partial<ManagedStream>,
): ZcompOps {
  return withStreams(ops, (managed, params) => {
    const originals = new Map<ManagedStream, ManagedStream>()
    return {
      getStream() {
        const got = managed.getStream()
        if (typeof got === 'string') return got
        const changed = { ...got, ...change(got, params) }
        originals.set(changed, got)
        return changed
      },
      putStream(stream) {
        const original = originals.get(stream)
        if (original) managed.putStream(original)
      },
    }
  })
}

/** A context whose codec options are asked for anew for each page. */
export function looseCtx(pageSize: number, options: () => TinyOptions): ZcompCtx {
  const ctx = tinyCtx(pageSize, options())
  return {
    ...ctx,
    compress(offset, length) {
      const now = tinyCtx(pageSize, options())
      now.input.set(ctx.input)
      const wrote = now.compress(offset, length)
      ctx.buffer.set(now.buffer)
      return wrote
    },
    decompress: (src, dst) => tinyDecode(src, dst, options().dict),
  }
}

/** The reference's setup with contexts made by `make`. */
export function withTiny(ops: ZcompOps, make: (params: ZcompParams, options: TinyOptions) => () => ZcompCtx): ZcompOps {
  return remake(ops, {
    async setupParams(params) {
      const setup = await ops.setupParams(params)
      return 'refused' in setup ? setup : { ...setup, createCtx: make(params, tinyOptions(params)) }
    },
  })
}
