/** What may be put between core and what the scenarios see of it, to make a front end or a device wrong in one way. */
import type { ManagedOptions, ManagedStreams, VirtualRuntime, ZramDevice } from '@zcomp/core'
import type { ScriptedDevice } from '../fakes/scripted-device.js'

/** Absent members change nothing. */
export interface Rig {
  /** Core's settings, other than those that the scenario asks for. */
  readonly managed?: (options: ManagedOptions) => ManagedOptions
  /** What core sees of a device. */
  readonly streams?: (streams: ManagedStreams, runtime: VirtualRuntime) => ManagedStreams
  /** What the scenario sees of core. */
  readonly device?: (dev: ZramDevice, runtime: VirtualRuntime, device: ScriptedDevice) => ZramDevice
}
