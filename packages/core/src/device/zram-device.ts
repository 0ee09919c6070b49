/** The zram block device: a compressed disk in memory. */
import { ZcompError } from '../errors.js'
import type { TraceEntry } from '../managed/trace.js'
import { createRegistry, type Registry } from '../registry.js'
import { type Runtime, realRuntime } from '../runtime/runtime.js'
import { type AttributeTarget, showAttribute, storeAttribute } from './attributes.js'
import { checkBytes, checkRange } from './checks.js'
import {
  checkCount,
  checkPageSize,
  defaultMaxRequests,
  type ZramDeviceOptions,
  zcompOptions,
} from './device-options.js'
import { brokenLaws, type DeviceStats, deviceStats } from './device-stats.js'
import { Disk } from './disk.js'
import { checkAge, closed, ioError, readRequest, whenEnded } from './outcome.js'
import { type CodecParams, parseParams } from './params-text.js'
import { type Prediction, predictKernel } from './predict.js'
import { DiscardRequest, ReadRequest, type Request, WriteRequest } from './requests.js'
import { parseSize } from './size.js'
import { type IoCounts, type MmStat, noIoCounts } from './stats.js'

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
  readonly #registry: Registry
  readonly #runtime: Runtime
  readonly #options: ZramDeviceOptions
  readonly #maxRequests: number
  #algorithm: string
  #params: CodecParams
  #memLimit: number
  #io: IoCounts = noIoCounts()
  #disk: Disk | undefined
  #state: 'open' | 'changing' | 'closed' = 'open'
  #closing: Promise<void> | undefined

  /** Rejects with EINVAL that names the option, or with what the backend's set-up said. */
  static async create(options: ZramDeviceOptions): Promise<ZramDevice> {
    const device = new ZramDevice(options)
    if (options.disksize !== undefined) await device.#initialise(parseSize(options.disksize, 'disksize'))
    return device
  }

  private constructor(options: ZramDeviceOptions) {
    const { backends, pageSize = 4096, memLimit = 0, maxRequests = defaultMaxRequests } = options
    this.#registry = createRegistry(backends)
    this.#options = options
    this.#runtime = options.runtime ?? realRuntime
    this.#algorithm = this.#registry.get(options.algorithm ?? this.#registry.default.name).name
    this.#params = options.params ?? {}
    this.pageSize = checkPageSize(pageSize)
    this.#maxRequests = checkCount('maxRequests', maxRequests)
    this.#memLimit = this.#roundUp(parseSize(memLimit, 'memLimit'))
  }

  /** Bytes; 0 while the device is not initialised. */
  get disksize(): number {
    return this.#disk?.disksize ?? 0
  }

  get algorithm(): string {
    return this.#algorithm
  }

  /** Reads `length` bytes, or fills `into`, and resolves with the bytes. Rejects with EIO where a page cannot be read. */
  async read(offset: number, into: number | Uint8Array): Promise<Uint8Array> {
    const disk = this.#need('read')
    const request = readRequest(disk.disksize, offset, into)
    this.#accept('read')
    disk.pump.submit(request)
    if (!request.ended) await whenEnded(request)
    this.#judge(request, 'read')
    return request.data
  }

  /** The same, now. */
  readSync(offset: number, into: number | Uint8Array): Uint8Array {
    const disk = this.#need('readSync')
    const request = readRequest(disk.disksize, offset, into)
    disk.pump.runNow(request)
    this.#judge(request, 'readSync')
    return request.data
  }

  /** Resolves when all of `data` is stored. Rejects with ENOMEM (no memory, or `mem_limit`), EIO (the codec failed), EAGAIN (too many requests). */
  async write(offset: number, data: Uint8Array): Promise<void> {
    const disk = this.#need('write')
    checkBytes('write', 'data', data)
    checkRange('write', offset, data.length, disk.disksize)
    this.#accept('write')
    const request = new WriteRequest(offset, data)
    disk.pump.submit(request)
    if (!request.ended) await whenEnded(request)
    this.#judge(request, 'write')
  }

  /** The same, now and in software. */
  writeSync(offset: number, data: Uint8Array): void {
    const disk = this.#need('writeSync')
    checkBytes('writeSync', 'data', data)
    checkRange('writeSync', offset, data.length, disk.disksize)
    const request = new WriteRequest(offset, data)
    disk.refuseSync(data.length)
    disk.pump.runNow(request)
    this.#judge(request, 'writeSync')
  }

  /** Forgets the whole pages in the range: they read as zeros. Parts of pages at its ends stay, as on the kernel's device. */
  async discard(offset: number, length: number): Promise<void> {
    const disk = this.#need('discard')
    checkRange('discard', offset, length, disk.disksize)
    const first = Math.ceil(offset / this.pageSize) * this.pageSize
    const end = Math.floor((offset + length) / this.pageSize) * this.pageSize
    if (end <= first) return
    this.#accept('discard')
    this.#io.notifyFree += (end - first) / this.pageSize
    const request = new DiscardRequest(first, end - first)
    disk.pump.submit(request)
    if (!request.ended) await whenEnded(request)
  }

  /** Makes the range read as zeros: whole pages are forgotten, parts of pages at its ends are written. */
  async writeZeroes(offset: number, length: number): Promise<void> {
    const disk = this.#need('writeZeroes')
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
    const { pump } = this.#need('flush')
    await new Promise<void>((resolve) => pump.whenFlushed(resolve))
  }

  /** An attribute's text, as in sysfs. */
  show(attribute: string): string {
    return showAttribute(this.#target, attribute)
  }

  /** Stores an attribute, as in sysfs; rejects with the kernel's error codes. */
  store(attribute: string, text: string): Promise<void> {
    if (this.#state === 'closed') return Promise.reject(closed(`store ${attribute}`))
    return storeAttribute(this.#target, attribute, text)
  }

  /** Forgets everything: contents, size, algorithm, parameters, limit, counters. EBUSY while requests are out. */
  async reset(): Promise<void> {
    this.#needQuiet('reset')
    await this.#change(async () => {
      const disk = this.#disk
      this.#disk = undefined
      this.#algorithm = this.#registry.default.name
      this.#params = {}
      this.#memLimit = 0
      this.#io = noIoCounts()
      await disk?.close()
    })
  }

  /** Packs the memory; returns the pages freed. */
  compact(): number {
    return this.#need('compact').store.compact()
  }

  /** Marks pages not accessed for `seconds` (0: all) as idle. */
  markIdle(seconds: number): void {
    const { store } = this.#need('markIdle')
    store.markIdle(checkAge(seconds))
  }

  stats(): DeviceStats {
    return deviceStats(this.#disk, this.#mm, this.#io, this.#algorithm)
  }

  /** The last pages that might have gone to a device, oldest first: by which way they went, and why. Empty unless `managed.trace` is set. */
  trace(): TraceEntry[] {
    const managed = this.#disk?.zcomp.managed ?? 'none'
    return managed === 'none' ? [] : managed.trace()
  }

  /** The laws between counters that do not hold, in words. None, ever: tests end with this. */
  brokenLaws(): string[] {
    return this.#disk ? brokenLaws(this.#disk) : []
  }

  /** What the kernel's zsmalloc would hold for the pages stored now. Looks at every slot in use. */
  predictKernel(): Prediction {
    return predictKernel(this.#disk?.store.storedSizes() ?? [], this.pageSize)
  }

  /** Ends every request, then the backend. Bounded. Later calls are refused with ENODEV. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#state = 'closed'
    const disk = this.#disk
    this.#disk = undefined
    await disk?.close()
  }

  async #initialise(bytes: number): Promise<void> {
    if (bytes === 0) throw new ZcompError('EINVAL', 'disksize must be above 0')
    const disksize = this.#roundUp(bytes)
    if (!Number.isSafeInteger(disksize))
      throw new ZcompError('EINVAL', `disksize ${bytes} is above the largest, ${Number.MAX_SAFE_INTEGER}`)
    await this.#change(async () => {
      this.#disk = await Disk.create({
        disksize,
        ops: this.#registry.get(this.#algorithm),
        params: { pageSize: this.pageSize, ...this.#params },
        zcomp: zcompOptions(this.#options),
        runtime: this.#runtime,
        checksum: this.#options.checksum ?? false,
        memLimit: this.#memLimit,
      })
    })
  }

  /** One change of state at a time. A change that fails leaves the device as it was. */
  async #change(run: () => Promise<void>): Promise<void> {
    if (this.#state === 'closed') throw closed('the device')
    if (this.#state === 'changing') throw new ZcompError('EBUSY', 'the device is being initialised or reset')
    this.#state = 'changing'
    try {
      await run()
    } finally {
      if (this.#state === 'changing') this.#state = 'open'
    }
    if (this.#closing) {
      const disk = this.#disk
      this.#disk = undefined
      await disk?.close()
      throw closed('the device')
    }
  }

  #need(what: string): Disk {
    if (this.#disk) return this.#disk
    if (this.#state === 'closed') throw closed(what)
    throw new ZcompError('ENODEV', `${what}: the device is not initialised; store disksize first`)
  }

  #accept(what: string): void {
    const { pump } = this.#need(what)
    if (pump.unfinished < this.#maxRequests) return
    throw new ZcompError('EAGAIN', `${what}: ${this.#maxRequests} requests are out already; wait for some of them`)
  }

  #needUninitialised(what: string): void {
    if (this.#disk || this.#state === 'changing')
      throw new ZcompError('EBUSY', `${what}: the device is initialised; reset it first`)
  }

  #needQuiet(what: string): void {
    const out = this.#disk?.pump.unfinished ?? 0
    if (out > 0) throw new ZcompError('EBUSY', `${what}: ${out} requests are out`)
  }

  #judge(request: Request, what: string): void {
    if (!request.failed) return
    if (request.misuse !== undefined) throw new ZcompError('EINVAL', `${what}: ${request.misuse}`)
    if (request instanceof ReadRequest) this.#io.failedReads++
    else this.#io.failedWrites++
    throw ioError(what, request, this.#memLimit)
  }

  #roundUp(bytes: number): number {
    return Math.ceil(bytes / this.pageSize) * this.pageSize
  }

  get #mm(): MmStat {
    const disk = this.#disk
    const counts = disk?.store.counts ?? {
      pagesStored: 0,
      comprDataSize: 0,
      samePages: 0,
      hugePages: 0,
      hugePagesSince: 0,
      pagesCompacted: 0,
      maxUsed: 0,
    }
    return {
      ...counts,
      origDataSize: counts.pagesStored * this.pageSize,
      memUsedTotal: disk?.store.heldBytes ?? 0,
      memLimit: this.#memLimit,
    }
  }

  get #target(): AttributeTarget {
    const managed = this.#disk?.zcomp.managed
    return {
      initialised: this.#disk !== undefined,
      disksize: this.disksize,
      algorithms: this.#registry.show(this.#algorithm),
      mm: this.#mm,
      io: this.#io,
      hwStat: managed === undefined || managed === 'none' ? undefined : managed.hwStat(),
      setDisksize: async (bytes) => {
        this.#needUninitialised('disksize')
        await this.#initialise(bytes)
      },
      setAlgorithm: (name) => {
        if (name.length > 128) throw new ZcompError('E2BIG', 'comp_algorithm: a name has fewer than 128 characters')
        const { name: known } = this.#registry.get(name)
        this.#needUninitialised('comp_algorithm')
        this.#algorithm = known
      },
      setParams: (text) => {
        this.#needUninitialised('algorithm_params')
        this.#params = parseParams(text, this.#algorithm)
      },
      setLimit: (bytes) => {
        this.#memLimit = this.#roundUp(bytes)
        if (this.#disk) this.#disk.store.limit = this.#memLimit
      },
      resetMaxUsed: () => {
        if (this.#disk) this.#disk.store.counts.maxUsed = this.#disk.store.heldBytes
      },
      markIdle: (seconds) => this.markIdle(seconds),
      compact: () => void this.compact(),
      reset: () => this.reset(),
    }
  }
}
