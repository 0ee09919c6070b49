/** What a page costs in software on this machine, as it is just now. */
import { accelerator } from '@zcomp/accelerator'
import { ZramDevice } from '@zcomp/core'
import type { PageSet } from '../pages/page-set.js'
import { places } from './places.js'

/** Bytes that are written and read for a measurement. */
const measured = 256 * 1024
const rounds = 3

export class SoftwareCost {
  /** The most that was ever measured, in milliseconds. */
  pageMs = 0
  readonly #devices: readonly ZramDevice[]
  readonly #bytes: Uint8Array

  static async open(pages: PageSet): Promise<SoftwareCost> {
    const bytes = pages.bytes.slice(0, measured)
    const pool = accelerator()
    const devices = places.map(({ ops, pageSize }) =>
      ZramDevice.create({ backends: [ops(pool)], disksize: bytes.length, pageSize, managed: 'none', checksum: true }),
    )
    const cost = new SoftwareCost(await Promise.all(devices), bytes)
    cost.measure()
    return cost
  }

  private constructor(devices: readonly ZramDevice[], bytes: Uint8Array) {
    this.#devices = devices
    this.#bytes = bytes
  }

  /** Writes and reads pages on a device of each kind. The slowest kind counts, at the quickest of some rounds. */
  measure(): void {
    for (const device of this.#devices) {
      const times = Array.from({ length: rounds }, () => {
        const since = performance.now()
        device.writeSync(0, this.#bytes)
        device.readSync(0, this.#bytes)
        return performance.now() - since
      })
      this.pageMs = Math.max(this.pageMs, (Math.min(...times) * device.pageSize) / this.#bytes.length)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.close()))
  }
}
