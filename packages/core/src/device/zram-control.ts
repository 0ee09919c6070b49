/** Devices that come and go, as through `/sys/class/zram-control`. */
import { ZcompError } from '../errors.js'
import type { ZramDeviceOptions } from './device-options.js'
import { ZramDevice } from './zram-device.js'

export class ZramControl implements AsyncDisposable {
  readonly #options: ZramDeviceOptions
  readonly #devices = new Map<number, ZramDevice>()
  /** Numbers promised to devices that are being made. */
  readonly #reserved = new Set<number>()
  #closed = false

  /** `options` are those of each device, which `hotAdd` may override. */
  constructor(options: ZramDeviceOptions) {
    this.#options = options
  }

  /** Numbers of the devices there are, in order. */
  get ids(): number[] {
    return [...this.#devices.keys()].sort((a, b) => a - b)
  }

  /** Makes a device and resolves with its number, the lowest that is free. Not initialised unless the options name a disksize. */
  async hotAdd(options: Partial<ZramDeviceOptions> = {}): Promise<number> {
    if (this.#closed) throw new ZcompError('ENODEV', 'hot_add: the control is closed')
    let id = 0
    while (this.#devices.has(id) || this.#reserved.has(id)) id++
    this.#reserved.add(id)
    try {
      const device = await ZramDevice.create({ ...this.#options, ...options })
      if (this.#closed) {
        await device.close()
        throw new ZcompError('ENODEV', 'hot_add: the control was closed meanwhile')
      }
      this.#devices.set(id, device)
      return id
    } finally {
      this.#reserved.delete(id)
    }
  }

  /** The device of a number. Throws ENODEV where there is none. */
  get(id: number): ZramDevice {
    return this.#devices.get(checkId(id)) ?? noDevice(id)
  }

  /** Closes and forgets a device. ENODEV where there is none, EBUSY while requests are out. */
  async hotRemove(id: number): Promise<void> {
    const device = this.get(id)
    const { requests } = device.stats()
    if (requests > 0) throw new ZcompError('EBUSY', `hot_remove: ${requests} requests are out on device ${id}`)
    this.#devices.delete(id)
    await device.close()
  }

  /** Closes every device. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const devices = [...this.#devices.values()]
    this.#devices.clear()
    await Promise.all(devices.map((device) => device.close()))
  }
}

function checkId(id: number): number {
  if (Number.isSafeInteger(id) && id >= 0) return id
  throw new ZcompError('EINVAL', `a device's number must be whole, from 0, not ${String(id)}`)
}

function noDevice(id: number): never {
  throw new ZcompError('ENODEV', `there is no device ${id}`)
}
