import { describe, expect, it } from 'vitest'
import { classTable } from '../src/device/classes.js'
import { Pool } from '../src/device/pool.js'
import { seededRandom } from '../src/index.js'

const fill = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17) & 255)

describe.each([4096, 16384, 65536])('Pool of %i byte pages', (pageSize) => {
  it('keeps objects apart through any order of allocations, frees and compactions', () => {
    const pool = new Pool(pageSize)
    const random = seededRandom(pageSize)
    const live = new Map<number, { address: number; length: number }>()
    const check = (id: number, { address, length }: { address: number; length: number }): void => {
      expect(Buffer.compare(pool.view(address, length), fill(length, id)), `object ${id}`).toBe(0)
    }
    for (let id = 0; id < (pageSize > 4096 ? 900 : 3000); id++) {
      if (live.size > 0 && random() < (id < 500 ? 0.3 : 0.6)) {
        const [victim] = [...live][Math.floor(random() * live.size)] as [number, { address: number; length: number }]
        const object = live.get(victim) as { address: number; length: number }
        check(victim, object)
        pool.free(object.address)
        live.delete(victim)
      } else {
        const length = 1 + Math.floor(random() ** 2 * pageSize)
        const address = pool.alloc(length)
        pool.write(address, fill(length, id))
        live.set(id, { address, length })
      }
      if (id % 300 === 299) {
        const before = pool.heldBytes
        pool.compact((move) => {
          for (const object of live.values()) object.address = move(object.address)
        })
        expect(pool.heldBytes).toBeLessThanOrEqual(before)
        for (const [id, object] of live) check(id, object)
      }
    }
    for (const [id, object] of live) check(id, object)
    for (const { address } of live.values()) pool.free(address)
    expect(pool.zspageBytes).toBe(0)
    pool.compact(() => {})
    expect(pool.heldBytes).toBe(0)
  })
})

describe('Pool', () => {
  it('gives everything back at its end, whatever is in use', () => {
    const pool = new Pool(4096)
    const addresses = Array.from({ length: 1000 }, () => pool.alloc(2000))
    expect(pool.heldBytes).toBeGreaterThan(2000 * 500)
    expect(pool.end(1)).toBe(true)
    expect(pool.end(8)).toBe(false)
    expect(pool.heldBytes).toBe(0)
    expect(() => pool.view(addresses[0] as number, 2000)).toThrow(RangeError)
  })

  it('holds what its zspages need, and gives a slab back when it is empty', () => {
    const pool = new Pool(4096)
    const addresses = Array.from({ length: 2000 }, () => pool.alloc(2000))
    const { objects, pages } = classTable(4096).classes.find(({ size }) => size >= 2000) as {
      objects: number
      pages: number
    }
    expect(pool.zspageBytes).toBe(Math.ceil(2000 / objects) * pages * 4096)
    expect(pool.heldBytes).toBeLessThan(pool.zspageBytes * 1.01 + 8 * 4096)
    for (const address of addresses) pool.free(address)
    expect(pool.heldBytes).toBeLessThanOrEqual(1 << 20)
  })

  it('takes an allocation back as if it had never been', () => {
    const pool = new Pool(4096)
    pool.alloc(4096)
    const held = pool.heldBytes
    const address = pool.alloc(4096)
    expect(pool.heldBytes).toBe(held + 4096)
    pool.undo(address)
    expect(pool.heldBytes).toBe(held)
  })
})
