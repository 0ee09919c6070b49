/** A device beside plain memory that does the same. */
import type { ZramDevice } from '@zcomp/core'

export interface Mirror {
  /** What the device should hold, counting everything submitted. */
  readonly bytes: Uint8Array
  write(at: number, bytes: Uint8Array): Promise<void>
  writeSync(at: number, bytes: Uint8Array): void
  writeZeroes(at: number, length: number): Promise<void>
  /** Only whole pages are discarded. */
  discard(at: number, length: number): Promise<void>
}

/** `bytes` change when a call is made, as the device's order promises. */
export function mirrored(device: ZramDevice, length: number, pageSize = 4096): Mirror {
  const bytes = new Uint8Array(length)
  return {
    bytes,
    write(at, data) {
      bytes.set(data, at)
      return device.write(at, data)
    },
    writeSync(at, data) {
      bytes.set(data, at)
      device.writeSync(at, data)
    },
    writeZeroes(at, count) {
      bytes.fill(0, at, at + count)
      return device.writeZeroes(at, count)
    },
    discard(at, count) {
      const from = Math.ceil(at / pageSize) * pageSize
      const to = Math.floor((at + count) / pageSize) * pageSize
      if (from < to) bytes.fill(0, from, to)
      return device.discard(at, count)
    },
  }
}
