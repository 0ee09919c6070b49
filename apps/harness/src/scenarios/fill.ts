/** Helpers that scenarios share: filling a device and comparing what comes back. */
import type { ZramDevice } from '@zcomp/core'
import { mustHold } from '../broken.js'

/** Bytes of one request. */
export const requestBytes = 128 * 1024

/** Writes `bytes` at `at` in requests of `step` bytes, several of them outstanding. */
export async function fill(device: ZramDevice, bytes: Uint8Array, at = 0, step = requestBytes): Promise<void> {
  const outstanding = 8
  for (let from = 0; from < bytes.length; from += outstanding * step) {
    const writes: Promise<void>[] = []
    for (let i = from; i < Math.min(from + outstanding * step, bytes.length); i += step) {
      writes.push(device.write(at + i, bytes.subarray(i, i + step)))
    }
    await Promise.all(writes)
  }
}

/** Reads `expected.length` bytes at `at` and compares them. */
export async function compare(device: ZramDevice, expected: Uint8Array, what: string, at = 0): Promise<void> {
  const into = new Uint8Array(requestBytes)
  for (let i = 0; i < expected.length; i += into.length) {
    const length = Math.min(into.length, expected.length - i)
    const got = into.subarray(0, length)
    await device.read(at + i, got)
    mustHold(`${what}, ${length} bytes from offset ${at + i}`, got, expected.subarray(i, i + length))
  }
}

export type MmStat = Record<(typeof columns)[number], number>

/** The device's `mm_stat` by the names of its columns. */
export function mmStat(device: ZramDevice): MmStat {
  return mmColumns(device.show('mm_stat'))
}

/** The text of `mm_stat` by the names of its columns. */
export function mmColumns(text: string): MmStat {
  const values = text.trim().split(/\s+/).map(Number)
  return Object.fromEntries(columns.map((name, i) => [name, values[i] ?? Number.NaN])) as MmStat
}

const columns = [
  'orig_data_size',
  'compr_data_size',
  'mem_used_total',
  'mem_limit',
  'mem_used_max',
  'same_pages',
  'pages_compacted',
  'huge_pages',
  'huge_pages_since',
] as const

/** The columns of `io_stat` by their names. */
export function ioStat(device: ZramDevice): { failedReads: number; failedWrites: number; notifyFree: number } {
  const [failedReads = Number.NaN, failedWrites = Number.NaN, , notifyFree = Number.NaN] = device
    .show('io_stat')
    .trim()
    .split(/\s+/)
    .map(Number)
  return { failedReads, failedWrites, notifyFree }
}
