/** What befalls a device between requests. */
import type { ScriptedDevice } from '../fakes/scripted-device.js'
import type { DeviceEvent } from './schedule.js'

export const befall: Record<DeviceEvent, (device: ScriptedDevice) => void> = {
  'remove, failing': (device) => device.remove('fails'),
  'remove, hanging': (device) => device.remove('hangs'),
  'come back': (device) => device.comeBack(),
  'reset, losing': (device) => device.reset('loses'),
  'reset, completing': (device) => device.reset('completes'),
  pause: (device) => device.pause(),
  resume: (device) => device.resume(),
  unstick: (device) => device.unstick(),
  full(device) {
    device.refuse = 'exhausted'
  },
  starting(device) {
    device.refuse = 'starting'
  },
}
