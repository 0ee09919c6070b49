/** `faults`: a managed backend that fails as planned. A wrapper of the same type, over any device and in any time. */
import { defineBackend, type Runtime, realRuntime, ZcompError, type ZcompOps, type ZcompSetup } from '@zcomp/core'
import { FaultyDevice, type InjectedCounts } from './device.js'
import { type FaultPlan, type FaultSource, faultSource } from './plan.js'

/** For what a plan cannot know: strikes all setups of one wrapped backend, now. */
export class FaultControl {
  /** Faults injected so far, by kind. */
  readonly injected: InjectedCounts = {
    refuse: 0,
    fail: 0,
    throw: 0,
    reject: 0,
    hang: 0,
    delay: 0,
    corrupt: 0,
    length: 0,
    duplicate: 0,
    die: 0,
    reset: 0,
  }
  /** @internal */
  readonly devices: Set<FaultyDevice> = new Set()

  /** Removes the device, for good or for so many milliseconds. */
  die(forMs?: number): void {
    this.injected.die++
    for (const device of this.devices) device.die(forMs)
  }

  /** Brings a removed device back. */
  comeBack(): void {
    for (const device of this.devices) device.comeBack()
  }

  reset(inFlight: 'lose' | 'complete', forMs: number): void {
    this.injected.reset++
    for (const device of this.devices) device.reset(inFlight, forMs)
  }
}

export interface FaultOptions {
  /** Time of delays and absences. Default real time. */
  readonly runtime: Runtime
  readonly control: FaultControl
}

/** Throws EINVAL for a backend that is not managed: there is nothing to fail. Software contexts are left as they are. */
export function faults(ops: ZcompOps, plan: FaultPlan, options: Partial<FaultOptions> = {}): ZcompOps {
  const { name, format, caps, module } = ops
  if (caps.managed === 'none') throw new ZcompError('EINVAL', `faults: ${name} has no managed streams that could fail`)
  const { runtime = realRuntime, control = new FaultControl() } = options
  const source = faultSource(plan)
  return defineBackend({
    name,
    format,
    caps,
    module,
    async setupParams(params) {
      const setup = await ops.setupParams(params)
      return 'refused' in setup ? setup : faultySetup(setup, runtime, source, control)
    },
  })
}

function faultySetup(setup: ZcompSetup, runtime: Runtime, source: FaultSource, control: FaultControl): ZcompSetup {
  if (setup.managed === 'none') return setup
  const device = new FaultyDevice(setup.managed, runtime, source, control.injected)
  control.devices.add(device)
  return {
    createCtx: () => setup.createCtx(),
    managed: device,
    async [Symbol.asyncDispose]() {
      control.devices.delete(device)
      // Streams that were held back are put in this turn, while the setup below still takes them.
      if (device.end()) await new Promise<void>((resolve) => runtime.nextTurn(resolve))
      await setup[Symbol.asyncDispose]()
    },
  }
}
