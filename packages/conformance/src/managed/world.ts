/** A block device on a scripted device in virtual time, and what must be true of it at every end. */
import {
  checkManagedLaws,
  type ManagedCounts,
  type ManagedOptions,
  neverWait,
  type VirtualRuntime,
  virtualRuntime,
  type ZcompOps,
  ZramDevice,
  type ZramDeviceOptions,
} from '@zcomp/core'
import { check, fail, same, sameBytes, show } from '../check.js'
import type { ScriptedDevice } from '../fakes/scripted-device.js'
import { scriptedDevice } from '../fakes/scripted-ops.js'
import type { ScriptedOptions } from '../fakes/scripted-plan.js'
import { rigged } from './rigged.js'
import type { Stage } from './stage.js'

export interface WorldOptions {
  readonly device?: Omit<ScriptedOptions, 'runtime'>
  readonly managed?: ManagedOptions | 'none'
  /** Pages of the disk. Default 256. */
  readonly pages?: number
  readonly seed?: number
  readonly memLimit?: number
  readonly drainMs?: number
  readonly params?: ZramDeviceOptions['params']
  /** Time passes whenever core looks at the clock, so that work is cut into turns and requests queue up; then no bound on time holds. */
  readonly restless?: boolean
}

/** What one write came to. */
export interface Written {
  /** Virtual milliseconds. */
  readonly ms: number
  /** The code of the error that it failed with. */
  readonly failed: string | undefined
}

export const deadlineMs = 100
/** Managed whenever there is a stream, and no breaker in the way. */
export const plain: ManagedOptions = { policy: neverWait(), deadlineMs, breaker: 'none' }
/** A late request is looked at twice, a millisecond apart. */
export const patience: number = deadlineMs + 2

/** Runs one scenario; make it with `openWorld`. */
export class World {
  readonly stage: Stage
  readonly runtime: VirtualRuntime
  readonly device: ScriptedDevice
  readonly ops: ZcompOps
  readonly dev: ZramDevice
  readonly pageSize: number
  /** Whether bounds on time mean anything. */
  readonly timed: boolean
  /** What reading must give; pages that are not here are zeros. */
  readonly expected: Map<number, Uint8Array> = new Map()

  constructor(at: Pick<World, 'stage' | 'runtime' | 'device' | 'ops' | 'dev' | 'timed'>) {
    this.stage = at.stage
    this.runtime = at.runtime
    this.device = at.device
    this.ops = at.ops
    this.dev = at.dev
    this.timed = at.timed
    this.pageSize = at.stage.pageSize
  }

  get counts(): ManagedCounts {
    const { managed } = this.dev.stats()
    return managed === 'none' ? fail('the device to have managed streams', 'none') : managed
  }

  /** Pages that a device answered and core believed. */
  get good(): number {
    return this.counts.compressed + this.counts.declined
  }

  /** The numbers of `hw_stat`. */
  get hw(): { health: number; inUse: number; quarantined: number } {
    const [health = -1, , inUse = -1, quarantined = -1] = this.dev.show('hw_stat').trim().split(/\s+/).map(Number)
    return { health, inUse, quarantined }
  }

  /** `closed`, `half-open`, `open` or `removed`. */
  get health(): string {
    return ['closed', 'half-open', 'open', 'removed'][this.hw.health] ?? 'unknown'
  }

  page(nth: number): Uint8Array {
    return this.stage.page(nth)
  }

  /** Submits a write of a whole page. */
  async write(index: number, page: Uint8Array = this.page(index)): Promise<Written> {
    const since = this.runtime.now()
    const before = this.expected.get(index)
    this.expected.set(index, page)
    try {
      await this.dev.write(index * this.pageSize, page)
      return { ms: this.runtime.now() - since, failed: undefined }
    } catch (error) {
      if (this.expected.get(index) === page) this.#expectAgain(index, before)
      return { ms: this.runtime.now() - since, failed: codeOf(error) }
    }
  }

  #expectAgain(index: number, before: Uint8Array | undefined): void {
    if (before) this.expected.set(index, before)
    else this.expected.delete(index)
  }

  /** Writes pages `from` to `from + count - 1` at once, a request each, and lets time pass until all have ended. */
  async writeAll(count: number, from = 0): Promise<Written[]> {
    const writes = Array.from({ length: count }, (_, i) => this.write(from + i))
    return this.settle(Promise.all(writes), `${count} writes`)
  }

  /** The same; each must succeed within `withinMs`. */
  async writeWell(count: number, from = 0, withinMs: number = patience): Promise<void> {
    const written = await this.writeAll(count, from)
    written.forEach((one, i) => {
      check(one.failed === undefined, `write of page ${from + i} to succeed`, one.failed)
      check(one.ms <= withinMs, `write of page ${from + i} to end within ${withinMs} ms`, `${one.ms} ms`)
    })
  }

  /** Runs events until `done` settles. */
  async settle<T>(done: Promise<T>, what: string): Promise<T> {
    try {
      return await this.runtime.settle(done, 1e5)
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('virtual time')) fail(`${what} to settle`, error.message)
      throw error
    }
  }

  /** Numbers of `counts` that must be so now. */
  expect(numbers: Partial<Record<keyof ManagedCounts, number>>, when = ''): void {
    const { counts } = this
    for (const [name, wanted] of Object.entries(numbers)) {
      same(counts[name as keyof ManagedCounts], wanted, `${name}${when && ` ${when}`}`)
    }
  }

  /** Reasons for software, all of them that are not 0. */
  expectRefused(reasons: Partial<ManagedCounts['refused']>, when = ''): void {
    for (const [reason, count] of Object.entries(this.counts.refused)) {
      const wanted = reasons[reason as keyof typeof reasons] ?? 0
      same(count, wanted, `pages refused as '${reason}'${when && ` ${when}`}`)
    }
  }

  /** Sums that must hold, now and always. */
  expectLaws(): void {
    const broken = this.dev.brokenLaws()
    const { managed } = this.dev.stats()
    if (managed !== 'none') broken.push(...checkManagedLaws(managed, this.hw.inUse, 0, this.hw.quarantined))
    check(broken.length === 0, "the laws of core's counters to hold", broken.join('; '))
    check(this.device.broken.length === 0, 'core to keep the contract', this.device.broken.slice(0, 3).join('; '))
  }

  /** Every page as it was last written. */
  expectContent(): void {
    for (const [index, page] of this.expected) {
      sameBytes(this.dev.readSync(index * this.pageSize, this.pageSize), page, `page ${index} read back`)
    }
  }

  /**
   * The end of a scenario: content, laws, no stream lost but those `hanging`, a close that is bounded, and nothing left behind that would
   * keep a process alive.
   */
  async end({ hanging = 0, closeMs = patience }: { hanging?: number; closeMs?: number } = {}): Promise<void> {
    await this.settle(this.dev.flush(), 'flush')
    this.expectContent()
    this.expectLaws()
    const managed = this.dev.stats().managed !== 'none'
    if (managed) {
      same(this.hw.inUse, 0, 'requests in flight after a flush')
      same(this.hw.quarantined, hanging, 'streams in quarantine')
    }
    const { free, streams, users } = this.device
    if (managed && free > 0 && users === 1) same(free, streams - hanging, 'free streams')
    await this.close(closeMs)
  }

  async close(withinMs: number = patience): Promise<void> {
    const since = this.runtime.now()
    await this.settle(this.dev.close(), 'close')
    const ms = this.runtime.now() - since
    await this.runtime.advance(0)
    check(!this.timed || ms <= withinMs, `close to end within ${withinMs} ms`, `${ms} ms`)
    same(this.runtime.pending - this.device.timers, 0, 'timers that core leaves behind')
    check(this.device.broken.length === 0, 'core to keep the contract', this.device.broken.slice(0, 3).join('; '))
  }
}

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : show(error)
}

/** A world with a device of its own. */
export async function openWorld(stage: Stage, options: WorldOptions = {}): Promise<World> {
  const still = virtualRuntime(options.seed ?? stage.trial.seed)
  const runtime = options.restless ? restless(still) : still
  const scripted = { slotBytes: stage.pageSize, answers: stage.answers, ...options.device, runtime }
  const { ops, device } = scriptedDevice(stage.ops, scripted)
  return joinWorld(stage, runtime, ops, device, options)
}

/** Another block device on a scripted device that there is. */
export async function joinWorld(
  stage: Stage,
  runtime: VirtualRuntime,
  ops: ZcompOps,
  device: ScriptedDevice,
  options: WorldOptions = {},
): Promise<World> {
  const { managed = plain, pages = 256, memLimit, drainMs, params } = options
  const { rig } = stage.trial
  const made = await ZramDevice.create({
    backends: [rigged(ops, rig, runtime)],
    runtime,
    pageSize: stage.pageSize,
    disksize: pages * stage.pageSize,
    managed: managed === 'none' ? managed : (rig.managed?.(managed) ?? managed),
    ...(memLimit !== undefined && { memLimit }),
    ...(drainMs !== undefined && { drainMs }),
    ...(params !== undefined && { params }),
  })
  const dev = rig.device?.(made, runtime, device) ?? made
  return new World({ stage, runtime, device, ops, dev, timed: !options.restless })
}

/** Milliseconds that pass between two looks at the clock: a few pages to each turn. */
const creep = 0.1

function restless(still: VirtualRuntime): VirtualRuntime {
  let passed = 0
  const now = (): number => {
    passed += creep
    return still.now() + passed
  }
  return Object.defineProperty({ ...still, now }, 'pending', { get: () => still.pending })
}
