import { describe, expect, it } from 'vitest'
import { handOver } from '../src/device/hand-over.js'
import { seededRandom } from '../src/index.js'

describe('a page handed over', () => {
  it.each([
    [4096, 0, 4096],
    [4096, 3, 5000],
    [16384, 64, 16384],
    [65536, 0, 65536],
    [100, 7, 200],
  ])('of %i bytes fills the front of what lies at %i and has %i', (length, at, room) => {
    const random = seededRandom(length + at)
    const page = Uint8Array.from({ length }, () => Math.floor(random() * 256))
    const memory = new Uint8Array(new SharedArrayBuffer(at + room + 1)).fill(85)
    handOver(page, memory.subarray(at, at + room))
    expect(Buffer.compare(memory.slice(at, at + length), page)).toBe(0)
    const around = [...memory.slice(0, at), ...memory.slice(at + length)]
    expect(around.every((byte) => byte === 85)).toBe(true)
  })

  it('that is longer than its place is a mistake of the caller', () => {
    expect(() => handOver(new Uint8Array(4096), new Uint8Array(4095))).toThrow(RangeError)
  })
})
