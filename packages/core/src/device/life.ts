/** Whether a device has a disk: how one comes and goes, one change at a time, until the device is closed. */
import { ZcompError } from '../errors.js'
import type { Disk } from './disk.js'
import { closed } from './outcome.js'

export class DeviceLife {
  #disk: Disk | undefined
  #state: 'open' | 'changing' | 'closed' = 'open'
  #closing: Promise<void> | undefined

  get disk(): Disk | undefined {
    return this.#disk
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** The disk, or ENODEV for the call that needs it. */
  need(what: string): Disk {
    if (this.#disk) return this.#disk
    if (this.isClosed) throw closed(what)
    throw new ZcompError('ENODEV', `${what}: the device is not initialised; store disksize first`)
  }

  needUninitialised(what: string): void {
    if (this.#disk || this.#state === 'changing')
      throw new ZcompError('EBUSY', `${what}: the device is initialised; reset it first`)
  }

  needQuiet(what: string): void {
    const out = this.#disk?.pump.unfinished ?? 0
    if (out > 0) throw new ZcompError('EBUSY', `${what}: ${out} requests are out`)
  }

  /** A change that fails leaves the device as it was. */
  begin(make: () => Promise<Disk>): Promise<void> {
    return this.#change(async () => {
      this.#disk = await make()
    })
  }

  /** `forget` is called when the disk can no longer be reached, and before it has ended. */
  end(forget: () => void): Promise<void> {
    return this.#change(async () => {
      const disk = this.#take()
      forget()
      await disk?.close()
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#state = 'closed'
    await this.#take()?.close()
  }

  async #change(run: () => Promise<void>): Promise<void> {
    if (this.isClosed) throw closed('the device')
    if (this.#state === 'changing') throw new ZcompError('EBUSY', 'the device is being initialised or reset')
    this.#state = 'changing'
    try {
      await run()
    } finally {
      if (this.#state === 'changing') this.#state = 'open'
    }
    if (this.#closing) {
      await this.#take()?.close()
      throw closed('the device')
    }
  }

  #take(): Disk | undefined {
    const disk = this.#disk
    this.#disk = undefined
    return disk
  }
}
