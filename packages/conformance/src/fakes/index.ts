/** Devices for tests of whoever uses a backend. */
import type { ZcompOps } from '@zcomp/core'
import { reference } from '../reference.js'
import { BatchDevice, type BatchDeviceOptions } from './batch-device.js'

export {
  BatchDevice,
  type BatchDeviceOptions,
  type DeviceFace,
  type Encode,
  type Fault,
  type FaultScript,
} from './batch-device.js'

/** A backend with such a device, and the device, to look at and to break. */
export function batchDevice(options: BatchDeviceOptions = {}): {
  readonly ops: ZcompOps
  readonly device: BatchDevice
} {
  const device = new BatchDevice(options)
  return { ops: reference({ device }), device }
}

export { ScriptedDevice } from './scripted-device.js'
export { scriptedDevice } from './scripted-ops.js'
export type { Plan, Refusal, Script, ScriptedOptions } from './scripted-plan.js'
