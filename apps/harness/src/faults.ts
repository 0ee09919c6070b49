/** A backend with something changed, for scenarios about failures. */
import { defineBackend, type ZcompCtx, type ZcompOps } from '@zcomp/core'

/** The software form of `ops`, every context replaced by what `change` makes of it. */
export function withCtx(ops: ZcompOps, change: (ctx: ZcompCtx) => ZcompCtx): ZcompOps {
  return defineBackend({
    name: ops.name,
    format: ops.format,
    caps: { ...ops.caps, managed: 'none' },
    module: 'none',
    async setupParams(params) {
      const setup = await ops.setupParams(params)
      if ('refused' in setup) return setup
      return {
        createCtx: () => change(setup.createCtx()),
        managed: 'none',
        [Symbol.asyncDispose]: () => setup[Symbol.asyncDispose](),
      }
    },
  })
}
