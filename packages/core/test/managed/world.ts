/** A desk with a fake device in virtual time, writers that check what they get back, and the laws at the end. */
import { beforeEach, describe, expect } from 'vitest'
import {
  checkManagedLaws,
  type FallbackReason,
  ManagedDesk,
  type ManagedLease,
  type ManagedOptions,
  readManaged,
  Status,
  seededRandom,
  type VirtualRuntime,
  verifier,
  virtualRuntime,
} from '../../src/index.js'
import { toyCompress, toyDecompress } from '../support/toy.js'
import { FakeDevice, type FakeOptions, fakeAnswers } from './fake-device.js'

export const pageSize = 4096

/** A suite for devices that answer by promise and for those that call. */
export function describeBoth(name: string, suite: () => void): void {
  describe.each(['promise', 'call'] as const)(`${name}, by %s`, (by) => {
    beforeEach(() => {
      fakeAnswers.by = by
    })
    suite()
  })
}

export interface WorldOptions extends FakeOptions {
  readonly managed?: ManagedOptions
  readonly seed?: number
  readonly drainMs?: number
  /** Software fails too. */
  readonly softwareFails?: boolean
}

/** What a writer saw. */
export interface Written {
  readonly via: 'managed' | 'software'
  /** Why software took it from the start. */
  readonly reason: FallbackReason | undefined
  /** A length, or a status. */
  readonly wrote: number
  /** Virtual milliseconds that it took. */
  readonly ms: number
}

export class World {
  readonly runtime: VirtualRuntime
  readonly device: FakeDevice
  readonly desk: ManagedDesk
  /** Software compressions that a writer did because there was no stream, and redos that the desk asked for. */
  softwarePages = 0
  redos = 0

  constructor({ managed = {}, seed = 1, drainMs = 5000, softwareFails = false, ...fake }: WorldOptions = {}) {
    this.runtime = virtualRuntime(seed)
    this.device = new FakeDevice(this.runtime, fake)
    const redo = (src: Uint8Array, length: number, out: Uint8Array): number => {
      this.redos++
      return softwareFails ? Status.fault : toyCompress(src.subarray(0, length), out)
    }
    const { runtime } = this
    const site = { pageSize, runtime, redo, verify: verifier(pageSize, toyDecompress), drainMs }
    this.desk = new ManagedDesk(this.device, site, readManaged(managed))
  }

  /** Writes a page as a device's pump does, and checks that what is stored gives the page back. */
  async write(page: Uint8Array = randomPage(this.device.requests), backlog = 0): Promise<Written> {
    const since = this.runtime.now()
    const first = this.desk.getStream(backlog)
    const got = first === 'wait' ? await this.desk.acquire(backlog) : first
    const done = typeof got === 'string' ? this.#inSoftware(page, got) : await this.onDevice(got, page)
    return { ...done, ms: this.runtime.now() - since }
  }

  /** Writes many at once, and lets time pass until all are done. */
  writeAll(count: number, backlog = 0): Promise<Written[]> {
    const writes = Array.from({ length: count }, (_, i) => this.write(randomPage(i), backlog))
    this.desk.commit()
    return this.settle(Promise.all(writes))
  }

  /** A stream, where there has to be one. */
  lend(): ManagedLease {
    const lease = this.desk.getStream()
    if (typeof lease === 'string') throw new Error(lease)
    return lease
  }

  settle<T>(done: Promise<T>): Promise<T> {
    return this.runtime.settle(done, 1e5)
  }

  async onDevice(lease: ManagedLease, page: Uint8Array): Promise<Omit<Written, 'ms'>> {
    lease.src.set(page)
    const wrote = await lease.compress(pageSize)
    if (wrote > 0) expectPage(lease.buffer.subarray(0, wrote), page)
    const { via } = lease
    lease.release()
    return { via, reason: undefined, wrote }
  }

  #inSoftware(page: Uint8Array, reason: FallbackReason): Omit<Written, 'ms'> {
    if (this.desk.strict) return { via: 'managed', reason, wrote: Status.fault }
    this.softwarePages++
    const out = new Uint8Array(2 * pageSize)
    const wrote = toyCompress(page, out)
    expectPage(out.subarray(0, wrote), page)
    return { via: 'software', reason, wrote }
  }

  laws(): string[] {
    const { counts, inFlight, held, quarantined } = this.desk
    return checkManagedLaws(counts, inFlight, held, quarantined)
  }

  /** At the end of each test: every law holds, the device was treated by the contract, and every stream is back but those that hang. */
  expectLawful(hanging = 0): void {
    expect(this.laws()).toEqual([])
    expect(this.device.broken).toEqual([])
    expect(this.desk.inFlight).toBe(0)
    expect(this.desk.held).toBe(0)
    expect(this.desk.quarantined).toBe(hanging)
    expect(this.device.free).toBe(this.device.streams - hanging)
  }
}

export function randomPage(seed: number, used = 200): Uint8Array {
  const random = seededRandom(seed + 1)
  const page = new Uint8Array(pageSize)
  for (let i = 0; i < used; i++) page[i] = 1 + Math.floor(random() * 255)
  return page
}

function expectPage(compressed: Uint8Array, page: Uint8Array): void {
  const back = new Uint8Array(pageSize)
  expect(toyDecompress(compressed, back)).toBe(pageSize)
  expect(Buffer.compare(back, page)).toBe(0)
}
