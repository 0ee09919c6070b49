/** What is looked at before a request is accepted. Each check names what it wants and what came. */
import { ZcompError } from '../errors.js'

/** Throws EINVAL unless `offset` and `length` are whole bytes on a device of `disksize` bytes. */
export function checkRange(what: string, offset: number, length: number, disksize: number): void {
  checkWhole(what, 'offset', offset)
  checkWhole(what, 'length', length)
  if (offset + length <= disksize) return
  throw new ZcompError('EINVAL', `${what}: ${length} bytes at ${offset} end beyond the device's ${disksize} bytes`)
}

function checkWhole(what: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return
  const came = typeof value === 'number' ? String(value) : `a ${typeof value}`
  throw new ZcompError('EINVAL', `${what}: ${name} must be whole bytes from 0, not ${came}`)
}

/** Throws EINVAL unless `data` is bytes in memory that is there. */
export function checkBytes(what: string, name: string, data: unknown): asserts data is Uint8Array {
  if (!(data instanceof Uint8Array)) {
    throw new ZcompError('EINVAL', `${what}: ${name} must be a Uint8Array, not ${data === null ? 'null' : typeof data}`)
  }
  if (isDetached(data))
    throw new ZcompError('EINVAL', `${what}: ${name} lies in a buffer that was detached or has shrunk below it`)
}

/** A view on memory that is gone has no bytes, as an honest empty one; but it refuses to be touched. */
function isDetached(data: Uint8Array): boolean {
  if (data.length > 0) return false
  try {
    data.fill(0, 0, 0)
    return false
  } catch {
    return true
  }
}
