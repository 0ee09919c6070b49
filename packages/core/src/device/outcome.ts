/** From a caller's call to a request, and from its end to what the caller hears. */
import { ZcompError } from '../errors.js'
import { checkBytes, checkRange } from './checks.js'
import { Errno } from './errno.js'
import { ReadRequest, type Request } from './requests.js'

export function readRequest(disksize: number, offset: number, into: number | Uint8Array): ReadRequest {
  if (typeof into !== 'number') checkBytes('read', 'into', into)
  checkRange('read', offset, typeof into === 'number' ? into : into.length, disksize)
  return new ReadRequest(offset, typeof into === 'number' ? new Uint8Array(into) : into)
}

export function whenEnded(request: Request): Promise<void> {
  return new Promise<void>((resolve) => request.whenEnded(resolve))
}

export function ioError(what: string, request: Request, memLimit: number): ZcompError {
  const where = `${what} of ${request.end - request.offset} bytes at ${request.offset}`
  if (request.errno === Errno.ENOMEM) {
    const why = memLimit > 0 ? `mem_limit of ${memLimit} bytes is reached` : 'the host has no memory left'
    return new ZcompError('ENOMEM', `${where}: ${why}; the page at ${request.at} keeps its old content`)
  }
  return new ZcompError(
    'EIO',
    `${where}: the codec failed on the page at ${request.at}, or its stored bytes are damaged`,
  )
}

export function closed(what: string): ZcompError {
  return new ZcompError('ENODEV', `${what}: the device is closed`)
}

export function checkAge(seconds: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds
  throw new ZcompError('EINVAL', `markIdle: an age must be whole seconds from 0, not ${String(seconds)}`)
}
