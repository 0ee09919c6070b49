/** Devices for tests of whoever uses a backend. */
export {
  BatchDevice,
  type BatchDeviceOptions,
  type DeviceFace,
  type Encode,
  type Fault,
  type FaultScript,
} from './batch-device.js'
