/** Memory with guards on both sides, to see who writes where nothing is to be written. */
import { fail } from './check.js'

const margin = 64

export interface Guarded {
  readonly view: Uint8Array
  /** Fails the case where a byte beside the view has changed. */
  check(what: string): void
}

export interface GuardOptions {
  /** Byte that the view is filled with. Default 0xa5. */
  readonly fill?: number
  /** In a SharedArrayBuffer. */
  readonly shared?: boolean
  /** Bytes by which the view is off alignment. Default 0. */
  readonly skew?: number
}

export function guarded(length: number, { fill = 0xa5, shared = false, skew = 0 }: GuardOptions = {}): Guarded {
  const bytes = 2 * margin + skew + length
  const all = new Uint8Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes))
  const start = margin + skew
  const end = start + length
  for (let i = 0; i < bytes; i++) all[i] = i < start || i >= end ? guardByte(i) : fill
  const look = (from: number, to: number, what: string): void => {
    for (let i = from; i < to; i++) {
      if (all[i] === guardByte(i)) continue
      const where = i < start ? `${start - i} before the start` : `${i - end + 1} past the end`
      fail(`${what} to write nothing outside dst`, `a write to byte ${where} of it`)
    }
  }
  return {
    view: all.subarray(start, end),
    check(what) {
      look(0, start, what)
      look(end, bytes, what)
    },
  }
}

const guardByte = (i: number): number => (i * 7 + 0x5b) & 255
