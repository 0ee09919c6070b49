/** A backend with something changed, for scenarios about failures. */
import { defineBackend, type ZcompCtx, type ZcompOps, type ZcompSetup } from '@zcomp/core'

/** The software form of `ops`, every setup replaced by what `change` makes of it. */
export function withSetup(ops: ZcompOps, change: (setup: ZcompSetup) => ZcompSetup): ZcompOps {
  return defineBackend({
    name: ops.name,
    format: ops.format,
    caps: { ...ops.caps, managed: 'none' },
    module: 'none',
    async setupParams(params) {
      const setup = await ops.setupParams(params)
      return 'refused' in setup ? setup : change(setup)
    },
  })
}

/** The software form of `ops`, every context replaced by what `change` makes of it. */
export const withCtx = (ops: ZcompOps, change: (ctx: ZcompCtx) => ZcompCtx): ZcompOps =>
  withSetup(ops, (setup) => ({
    createCtx: () => change(setup.createCtx()),
    managed: 'none',
    [Symbol.asyncDispose]: () => setup[Symbol.asyncDispose](),
  }))
