/** What a device is made of, and what is refused. */
import { ZcompError } from '../errors.js'
import type { ManagedOptions } from '../managed/options.js'
import type { ZcompOps } from '../ops.js'
import type { Runtime } from '../runtime/runtime.js'
import type { ZcompOptions } from '../zcomp/zcomp.js'
import type { CodecParams } from './params-text.js'
import type { Size } from './size.js'

export interface ZramDeviceOptions {
  /** In the order of the list, the first is the default. */
  readonly backends: readonly ZcompOps[]
  /** Bytes, rounded up to whole pages. Absent: the device waits for `store('disksize', …)`. */
  readonly disksize?: Size
  /** The name of one of the backends. Default: the first. */
  readonly algorithm?: string
  /** Level, dictionary and window of the algorithm. */
  readonly params?: CodecParams
  /** Bytes in a page: 4096 (the default) to 65536, a power of two. */
  readonly pageSize?: number
  /** Most bytes to hold; 0, the default: no limit. */
  readonly memLimit?: Size
  /** Keep a checksum of the stored bytes of each page, so that a change in memory is EIO and never data. Default false. */
  readonly checksum?: boolean
  /** Most requests that may be accepted and not ended; one more is refused with EAGAIN. Default 65536. */
  readonly maxRequests?: number
  /** How managed streams are used where the backend has them; `'none'`: never. */
  readonly managed?: ManagedOptions | 'none'
  /** How long `close` lets requests wait for a device, and then waits for a backend that does not end, in milliseconds. Default 5000. */
  readonly drainMs?: number
  readonly runtime?: Runtime
}

/** `maxRequests` where nothing is said. */
export const defaultMaxRequests = 65536

export function zcompOptions({ managed, drainMs }: ZramDeviceOptions): Partial<ZcompOptions> {
  return { ...(managed !== undefined && { managed }), ...(drainMs !== undefined && { drainMs }) }
}

export function checkPageSize(pageSize: number): number {
  const ok = Number.isInteger(Math.log2(pageSize)) && pageSize >= 4096 && pageSize <= 65536
  if (ok) return pageSize
  throw new ZcompError('EINVAL', `pageSize must be a power of two from 4096 to 65536, not ${String(pageSize)}`)
}

export function checkCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new ZcompError('EINVAL', `${name} must be a whole number from 1, not ${String(value)}`)
}
