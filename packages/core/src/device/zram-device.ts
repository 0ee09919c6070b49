/** The zram block device: a compressed disk in memory. */
import { ZcompError } from '../errors.js'
import type { TraceEntry } from '../managed/trace.js'
import { realRuntime } from '../runtime/runtime.js'
import { type AttributeTarget, showAttribute, storeAttribute } from './attributes.js'
import { checkBytes, checkRange } from './checks.js'
import { checkCount, defaultMaxRequests, type ZramDeviceOptions, zcompOptions } from './device-options.js'
import { brokenLaws, type DeviceStats, deviceStats } from './device-stats.js'
import { Disk } from './disk.js'
import { DeviceLife } from './life.js'
import { checkAge, closed, ioError, readRequest, whenEnded } from './outcome.js'
import { parseParams } from './params-text.js'
import { type Prediction, predictKernel } from './predict.js'
import { DiscardRequest, ReadRequest, type Request, WriteRequest } from './requests.js'
import { Settings } from './settings.js'
import { parseSize } from './size.js'
import { type IoCounts, type MmStat, mmStat, noIoCounts } from './stats.js'

/**
 * Per byte, the last submitted write that succeeds wins; a write to a part of a page is built on the newest submitted content of that
 * page; calls at once, discards and writes of zeroes take part in the same order. A read sees each page in one consistent state, not
 * older than the last write that had completed when the read was submitted. `flush` waits for the writes accepted before it.
 *
 * Buffers belong to the caller, who leaves them alone until the promise settles. A failed write leaves the old content of the page that
 * failed; pages of the same request before it stay written, as on the kernel's device.
 */
export class ZramDevice implements AsyncDisposable {
  readonly pageSize: number
  readonly #options: ZramDeviceOptions
  readonly #maxRequests: number
  readonly #settings: Settings
  readonly #life: DeviceLife = new DeviceLife()
  #io: IoCounts = noIoCounts()

  /** Rejects with EINVAL that names the option, or with what the backend's set-up said. */
  static async create(options: ZramDeviceOptions): Promise<ZramDevice> {
    const device = new ZramDevice(options)
    if (options.disksize !== undefined) await device.#initialise(parseSize(options.disksize, 'disksize'))
    return device
  }

  private constructor(options: ZramDeviceOptions) {
    const { maxRequests = defaultMaxRequests } = options
    this.#options = options
    this.#settings = new Settings(options)
    this.pageSize = this.#settings.pageSize
    this.#maxRequests = checkCount('maxRequests', maxRequests)
  }

  /** Bytes; 0 while the device is not initialised. */
  get disksize(): number {
    return this.#life.disk?.disksize ?? 0
  }

  get algorithm(): string {
    return this.#settings.algorithm
  }

  /** Reads `length` bytes, or fills `into`, and resolves with the bytes. Rejects with EIO where a page cannot be read. */
  async read(offset: number, into: number | Uint8Array): Promise<Uint8Array> {
    const disk = this.#life.need('read')
    const request = readRequest(disk.disksize, offset, into)
    this.#accept(disk, 'read')
    disk.pump.submit(request)
    if (!request.ended) await whenEnded(request)
    this.#judge(request, 'read')
    return request.data
  }

  /** The same, now. */
  readSync(offset: number, into: number | Uint8Array): Uint8Array {
    const disk = this.#life.need('readSync')
    const request = readRequest(disk.disksize, offset, into)
    disk.pump.runNow(request)
    this.#judge(request, 'readSync')
    return request.data
  }

  /** Resolves when all of `data` is stored. Rejects with ENOMEM (no memory, or `mem_limit`), EIO (the codec failed), EAGAIN (too many requests). */
  async write(offset: number, data: Uint8Array): Promise<void> {
    const disk = this.#life.need('write')
    checkBytes('write', 'data', data)
    checkRange('write', offset, data.length, disk.disksize)
    this.#accept(disk, 'write')
    const request = new WriteRequest(offset, data)
    disk.pump.submit(request)
    if (!request.ended) await whenEnded(request)
    this.#judge(request, 'write')
  }

  /** The same, now and in software. */
  writeSync(offset: number, data: Uint8Array): void {
    const disk = this.#life.need('writeSync')
    checkBytes('writeSync', 'data', data)
    checkRange('writeSync', offset, data.length, disk.disksize)
    const request = new WriteRequest(offset, data)
    disk.refuseSync(data.length)
    disk.pump.runNow(request)
    this.#judge(request, 'writeSync')
  }

  /** Forgets the whole pages in the range: they read as zeros. Parts of pages at its ends stay, as on the kernel's device. */
  async discard(offset: number, length: number): Promise<void> {
    const disk = this.#life.need('discard')
    checkRange('discard', offset, length, disk.disksize)
    const first = Math.ceil(offset / this.pageSize) * this.pageSize
    const end = Math.floor((offset + length) / this.pageSize) * this.pageSize
    if (end <= first) return
    this.#accept(disk, 'discard')
    this.#io.notifyFree += (end - first) / this.pageSize
    const request = new DiscardRequest(first, end - first)
    disk.pump.submit(request)
    if (!request.ended) await whenEnded(request)
  }

  /** Makes the range read as zeros: whole pages are forgotten, parts of pages at its ends are written. */
  async writeZeroes(offset: number, length: number): Promise<void> {
    const disk = this.#life.need('writeZeroes')
    checkRange('writeZeroes', offset, length, disk.disksize)
    const end = offset + length
    const first = Math.min(end, Math.ceil(offset / this.pageSize) * this.pageSize)
    const last = Math.max(first, Math.floor(end / this.pageSize) * this.pageSize)
    const parts = [this.discard(first, last - first)]
    if (first > offset) parts.push(this.write(offset, new Uint8Array(first - offset)))
    if (end > last) parts.push(this.write(last, new Uint8Array(end - last)))
    await Promise.all(parts)
  }

  /** Resolves when every write and discard accepted so far has ended. Their own promises say how. */
  async flush(): Promise<void> {
    const { pump } = this.#life.need('flush')
    await new Promise<void>((resolve) => pump.whenFlushed(resolve))
  }

  /** An attribute's text, as in sysfs. */
  show(attribute: string): string {
    return showAttribute(this.#target, attribute)
  }

  /** Stores an attribute, as in sysfs; rejects with the kernel's error codes. */
  store(attribute: string, text: string): Promise<void> {
    if (this.#life.isClosed) return Promise.reject(closed(`store ${attribute}`))
    return storeAttribute(this.#target, attribute, text)
  }

  /** Forgets everything: contents, size, algorithm, parameters, limit, counters. EBUSY while requests are out. */
  async reset(): Promise<void> {
    this.#life.needQuiet('reset')
    await this.#life.end(() => {
      this.#settings.reset()
      this.#io = noIoCounts()
    })
  }

  /** Packs the memory; returns the pages freed. */
  compact(): number {
    return this.#life.need('compact').store.compact()
  }

  /** Marks pages not accessed for `seconds` (0: all) as idle. */
  markIdle(seconds: number): void {
    const { store } = this.#life.need('markIdle')
    store.markIdle(checkAge(seconds))
  }

  stats(): DeviceStats {
    return deviceStats(this.#life.disk, this.#mm, this.#io, this.algorithm)
  }

  /** The last pages that might have gone to a device, oldest first: by which way they went, and why. Empty unless `managed.trace` is set. */
  trace(): TraceEntry[] {
    const managed = this.#life.disk?.zcomp.managed ?? 'none'
    return managed === 'none' ? [] : managed.trace()
  }

  /** The laws between counters that do not hold, in words. None, ever: tests end with this. */
  brokenLaws(): string[] {
    const { disk } = this.#life
    return disk ? brokenLaws(disk) : []
  }

  /** What the kernel's zsmalloc would hold for the pages stored now. Looks at every slot in use. */
  predictKernel(): Prediction {
    return predictKernel(this.#life.disk?.store.storedSizes() ?? [], this.pageSize)
  }

  /**
   * Ends every request, then the backend. Later calls are refused with ENODEV. At the longest it takes twice `drainMs`, and the time in
   * which software compresses what is in line: for `drainMs` requests go their usual way, each with its own deadline; then none waits for
   * a device any more, what one still has is redone in software, and what may not be (`strict()`, `compat: 'poc'`) fails with EIO; a
   * backend that does not end is left behind after `drainMs` more. Who would rather wait for a device calls `flush` first.
   */
  close(): Promise<void> {
    return this.#life.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #initialise(bytes: number): Promise<void> {
    if (bytes === 0) throw new ZcompError('EINVAL', 'disksize must be above 0')
    const { registry, algorithm, params } = this.#settings
    const disksize = this.#settings.roundUp(bytes)
    if (!Number.isSafeInteger(disksize))
      throw new ZcompError('EINVAL', `disksize ${bytes} is above the largest, ${Number.MAX_SAFE_INTEGER}`)
    await this.#life.begin(async () => {
      const disk = await Disk.create({
        disksize,
        ops: registry.get(algorithm),
        params: { pageSize: this.pageSize, ...params },
        zcomp: zcompOptions(this.#options),
        runtime: this.#options.runtime ?? realRuntime,
        checksum: this.#options.checksum ?? false,
      })
      // Read only now: the limit may be stored while the backend is being set up.
      disk.store.limit = this.#settings.memLimit
      return disk
    })
  }

  #accept({ pump }: Disk, what: string): void {
    if (pump.unfinished < this.#maxRequests) return
    throw new ZcompError('EAGAIN', `${what}: ${this.#maxRequests} requests are out already; wait for some of them`)
  }

  #judge(request: Request, what: string): void {
    if (!request.failed) return
    if (request.misuse !== undefined) throw new ZcompError('EINVAL', `${what}: ${request.misuse}`)
    if (request instanceof ReadRequest) this.#io.failedReads++
    else this.#io.failedWrites++
    throw ioError(what, request, this.#settings.memLimit)
  }

  get #mm(): MmStat {
    return mmStat(this.#life.disk?.store, this.#settings)
  }

  get #target(): AttributeTarget {
    const [life, settings] = [this.#life, this.#settings]
    const managed = life.disk?.zcomp.managed
    return {
      initialised: life.disk !== undefined,
      disksize: this.disksize,
      algorithms: settings.registry.show(settings.algorithm),
      mm: this.#mm,
      io: this.#io,
      hwStat: managed === undefined || managed === 'none' ? undefined : managed.hwStat(),
      setDisksize: async (bytes) => {
        life.needUninitialised('disksize')
        await this.#initialise(bytes)
      },
      setAlgorithm: (name) => {
        if (name.length > 128) throw new ZcompError('E2BIG', 'comp_algorithm: a name has fewer than 128 characters')
        const { name: known } = settings.registry.get(name)
        life.needUninitialised('comp_algorithm')
        settings.algorithm = known
      },
      setParams: (text) => {
        life.needUninitialised('algorithm_params')
        settings.params = parseParams(text, settings.algorithm)
      },
      setLimit: (bytes) => {
        settings.memLimit = settings.roundUp(bytes)
        if (life.disk) life.disk.store.limit = settings.memLimit
      },
      resetMaxUsed: () => {
        const store = life.disk?.store
        if (store) store.counts.maxUsed = store.heldBytes
      },
      markIdle: (seconds) => this.markIdle(seconds),
      compact: () => void this.compact(),
      reset: () => this.reset(),
    }
  }
}
