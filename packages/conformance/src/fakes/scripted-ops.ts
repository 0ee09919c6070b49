/** Any backend behind a scripted device. */
import type { ZcompOps, ZcompParams, ZcompSetup } from '@zcomp/core'
import { ScriptedDevice } from './scripted-device.js'
import type { ScriptedOptions } from './scripted-plan.js'
import type { Engine } from './scripted-slot.js'

/** The backend with such a device before it: the same name, format and software, and managed streams. */
export function scriptedDevice(
  ops: ZcompOps,
  options: ScriptedOptions,
): { readonly ops: ZcompOps; readonly device: ScriptedDevice } {
  const device = new ScriptedDevice(options)
  const caps = { ...ops.caps, managed: 'compress' } as const
  const setupParams = async (params: ZcompParams): ReturnType<ZcompOps['setupParams']> => {
    if (params.pageSize > device.slotBytes) {
      return { refused: 'pageSize', why: `must be at most ${device.slotBytes}, the size of the device's slots` }
    }
    const setup = await ops.setupParams(params)
    return 'refused' in setup ? setup : withDevice(setup, device)
  }
  return { ops: Object.freeze<ZcompOps>({ ...ops, caps, module: 'none', setupParams }), device }
}

function withDevice(setup: ZcompSetup, device: ScriptedDevice): ZcompSetup {
  const engine: Engine = { ctx: setup.createCtx() }
  const own = engine.ctx
  const { streams, stop } = device.attach(engine)
  return {
    createCtx: () => setup.createCtx(),
    managed: streams,
    async [Symbol.asyncDispose]() {
      await stop()
      if (own !== 'none') own[Symbol.dispose]()
      await setup[Symbol.asyncDispose]()
    },
  }
}
