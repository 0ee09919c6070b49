/** A backend whose streams go through a rig. */
import type { VirtualRuntime, ZcompOps } from '@zcomp/core'
import type { Rig } from './rig.js'

export function rigged(ops: ZcompOps, { streams }: Rig, runtime: VirtualRuntime): ZcompOps {
  if (!streams) return ops
  const setupParams: ZcompOps['setupParams'] = async (params) => {
    const setup = await ops.setupParams(params)
    if ('refused' in setup || setup.managed === 'none') return setup
    return { ...setup, managed: streams(setup.managed, runtime) }
  }
  return Object.freeze<ZcompOps>({ ...ops, setupParams })
}
