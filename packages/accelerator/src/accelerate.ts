/** `accelerate`: the managed form of a backend, with engines that run its own code, or other code of the same format. */
import { defineBackend, type EngineModule, ZcompError, type ZcompOps, type ZcompSetup } from '@zcomp/core'
import { type Accelerator, defaultAccelerator, type Membership } from './accelerator.js'

export interface AccelerateOptions {
  /** The pool. Default: the one of the process, `defaultAccelerator()`. */
  readonly accelerator: Accelerator
  /** What engines import. Default: the backend's own `module`. It must write the same format. */
  readonly engineModule: EngineModule
}

/**
 * Wraps a backend: contexts are its own, streams are the accelerator's. Throws EINVAL, by name, for a backend that no worker can build
 * (`module` is `'none'`, and no `engineModule` is given) and for one that is managed already.
 */
export function accelerate(ops: ZcompOps, options: Partial<AccelerateOptions> = {}): ZcompOps {
  const { name, format, caps, module: own } = ops
  const module = options.engineModule ?? own
  if (module === 'none') {
    throw new ZcompError(
      'EINVAL',
      `accelerate: ${name} was built in place (module is 'none'), and no worker can build it`,
    )
  }
  if (caps.managed !== 'none') throw new ZcompError('EINVAL', `accelerate: ${name} is managed already`)
  return defineBackend({
    name,
    format,
    caps: { ...caps, managed: 'compress' },
    module: own,
    async setupParams(params) {
      const setup = await ops.setupParams(params)
      if ('refused' in setup) return setup
      const pool = options.accelerator ?? defaultAccelerator()
      return withStreams(setup, pool.join({ name, module, format, params }))
    },
  })
}

/** Software contexts of the one, streams of the other; ended together. For backends that choose their engines' code by the parameters. */
export function withStreams(software: ZcompSetup, membership: Membership): ZcompSetup {
  return {
    createCtx: () => software.createCtx(),
    managed: membership.streams,
    async [Symbol.asyncDispose]() {
      await membership.leave()
      await software[Symbol.asyncDispose]()
    },
  }
}
