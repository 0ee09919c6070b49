/** Writes of pages, in the order in which they are started here: at once in software, or by way of a device that answers later. */
import type { ManagedDesk } from '../managed/desk.js'
import type { Loan } from '../managed/loan.js'
import { Status } from '../ops.js'
import type { StreamLease } from '../zcomp/lease.js'
import type { Zcomp } from '../zcomp/zcomp.js'
import { Errno } from './errno.js'
import { handOver } from './hand-over.js'
import type { PageStore } from './page-store.js'
import type { DataRequest, DiscardRequest, Request } from './requests.js'
import { Staging } from './staging.js'
import { type Landing, type Version, VersionsInFlight } from './versions.js'

/** What became of page writes. `started` = the others together. */
export interface PageCounts {
  started: number
  same: number
  compressed: number
  raw: number
  /** A newer content of the page was stored first. */
  superseded: number
  failed: number
  pending: number
}

/** How a step ended: nothing is left to start, go on now, after promises had their turn, in another turn of the loop, or when a stream is free. */
export type Step = 'done' | 'promises' | 'turn' | 'wait'

/** Pages looked at between two looks at the clock; one that is compressed here counts as `ownPage`. */
const pagesPerLook = 64
const ownPage = 8
/** A device that has little to do is told of each page at once, up to so many: it begins with them while others are still copied. */
const firstPages = 4
/** A device that has more to do is told of so many at a time, and of all before a page is compressed here: it may run dry meanwhile. */
const pagesPerRing = 4
/** Bytes compressed here before answers are looked for. */
const ownBytesPerLook = 8192
/** Slots looked at by a discard between two looks at the clock. */
const slotsPerLook = 4096

export class PageWriter implements Landing {
  readonly counts: PageCounts = { started: 0, same: 0, compressed: 0, raw: 0, superseded: 0, failed: 0, pending: 0 }
  readonly staging: Staging
  readonly inFlight: VersionsInFlight
  readonly #store: PageStore
  readonly #zcomp: Zcomp
  readonly #stream: StreamLease
  readonly #pageSize: number
  /** Views of the stream's buffer by length in steps of 16 bytes, so that storing a page makes none. So few that they stay in the cache. */
  readonly #results: (Uint8Array | undefined)[]
  /** Bytes compressed here since answers were last looked for. */
  #ownBytes = 0
  /** Pages sent that the device was not told of. */
  #unrung = 0

  constructor(store: PageStore, zcomp: Zcomp, stream: StreamLease) {
    this.#store = store
    this.#zcomp = zcomp
    this.#stream = stream
    this.#pageSize = store.pageSize
    this.#results = new Array<Uint8Array | undefined>((stream.buffer.length >> 4) + 2).fill(undefined)
    this.staging = new Staging(stream, store.pageSize)
    this.inFlight = new VersionsInFlight(this)
  }

  /**
   * Starts pages of a write until all are started, it fails, or `mayGo` says that others should have a turn. `managed`: pages may go to a
   * device. `backlog`: bytes of other requests that wait behind this one.
   */
  write(request: DataRequest, managed: boolean, mayGo: () => boolean, backlog: number): Step {
    const desk = managed ? this.#zcomp.managed : 'none'
    let work = 0
    while (!request.started && request.intact()) {
      const { at } = request
      const page = Math.floor(at / this.#pageSize)
      const from = at - page * this.#pageSize
      const length = Math.min(this.#pageSize - from, request.end - at)
      const whole = length === this.#pageSize
      const nth = whole
        ? this.staging.stage(request, request.data, at - request.offset)
        : this.#patch(request, page, from, length)
      if (nth < 0) break
      let own = false
      if (this.staging.isSame(nth)) this.#storeSame(page, nth)
      else {
        const loan =
          desk === 'none' ? 'sync' : desk.lend(Math.ceil((request.end - at + backlog) / this.#pageSize) - 1, page)
        if (loan === 'wait') return 'wait'
        if (typeof loan === 'object') {
          this.#submit(request, page, nth, loan, !whole)
          this.#unrung++
          if (desk !== 'none' && (this.#unrung >= pagesPerRing || desk.inFlight <= firstPages)) this.#ring(desk)
        } else if (desk !== 'none' && desk.strict) {
          this.#failHere(request, Errno.EIO)
          break
        } else {
          if (desk !== 'none' && this.#unrung > 0) this.#ring(desk)
          if (!this.#compressHere(request, page, nth)) break
          own = true
        }
      }
      request.at = at + length
      if (own && desk !== 'none' && desk.inFlight > 0) {
        this.#ownBytes += length
        if (this.#ownBytes >= ownBytesPerLook) {
          // Answers are taken in between. Those by promise reach their pages when promises have their turn.
          this.#ownBytes = 0
          this.#ring(desk)
          if (desk.promised) return 'promises'
        }
      }
      work += own ? ownPage : 1
      if (work >= pagesPerLook && !request.started) {
        work = 0
        if (!mayGo()) return 'turn'
      }
    }
    request.endIfOver()
    return 'done'
  }

  #ring(desk: ManagedDesk): void {
    this.#unrung = 0
    desk.commit()
  }

  /** Forgets pages, and what is on its way to them, until the range is done or others should have a turn. */
  discard(request: DiscardRequest, mayGo: () => boolean): Step {
    const end = request.end / this.#pageSize
    const { slots } = this.#store
    let looked = 0
    let page = slots.nextPossible(request.at / this.#pageSize, end)
    for (; page < end; page = slots.nextPossible(page + 1, end)) {
      this.#store.free(page)
      if (++looked % slotsPerLook === 0 && page + 1 < end && !mayGo()) {
        this.#forgotten(request, page + 1)
        return 'turn'
      }
    }
    this.#forgotten(request, end)
    request.endIfOver()
    return 'done'
  }

  /** Writes on their way end only when what was stored before them is gone too: it would be read again otherwise. */
  #forgotten(request: DiscardRequest, end: number): void {
    this.inFlight.supersedeRange(request.at / this.#pageSize, end)
    request.at = end * this.#pageSize
  }

  /** Builds the page on its newest content, stored or on its way, and leaves it in the first staged page. -1 where that failed. */
  #patch(request: DataRequest, page: number, from: number, length: number): number {
    this.staging.release()
    const target = this.staging.pages[0] as Uint8Array
    const newest = this.inFlight.newest(page)
    if (newest) target.set(newest.loan.src.subarray(0, this.#pageSize))
    else {
      const errno = this.#store.read(page, target, this.#stream)
      if (errno !== Errno.ok) {
        this.#failHere(request, errno)
        return -1
      }
    }
    const start = request.at - request.offset
    target.set(request.data.subarray(start, start + length), from)
    return 0
  }

  #failHere(request: Request, errno: Errno): void {
    this.counts.started++
    this.counts.failed++
    request.fail(errno)
  }

  #storeSame(page: number, nth: number): void {
    this.counts.started++
    this.counts.same++
    this.#store.putSame(page, this.staging.low(nth), this.staging.high(nth))
    this.#storedHere(page)
  }

  #compressHere(request: Request, page: number, nth: number): boolean {
    const wrote = this.#stream.compress(nth * this.#pageSize, this.#pageSize)
    const errno = this.#store.putResult(page, wrote, this.#result(wrote), this.staging.pages[nth] as Uint8Array)
    if (errno !== Errno.ok) {
      this.#failHere(request, errno)
      return false
    }
    this.counts.started++
    this.#countStored(wrote)
    this.#storedHere(page)
    return true
  }

  #storedHere(page: number): void {
    if (this.inFlight.pages > 0) this.inFlight.supersede(page)
  }

  #submit(request: Request, page: number, nth: number, loan: Loan, partial: boolean): void {
    this.counts.started++
    this.counts.pending++
    handOver(this.staging.pages[nth] as Uint8Array, loan.src)
    loan.send(this.#pageSize, this.inFlight.add(page, loan, request, partial))
  }

  /** @internal */
  landed(version: Version, wrote: number): void {
    const { loan, page } = version
    const raw = loan.src.length === this.#pageSize ? loan.src : loan.src.subarray(0, this.#pageSize)
    const fits = wrote > 0 && wrote < this.#store.hugeSize
    const errno = this.#store.putResult(page, wrote, fits ? loan.result(wrote) : loan.buffer, raw)
    loan.release()
    this.counts.pending--
    if (errno === Errno.ok) {
      this.#countStored(wrote)
      this.inFlight.stored(version)
    } else {
      this.counts.failed++
      this.inFlight.failed(version, errno)
    }
  }

  /** @internal */
  superseded(version: Version): void {
    this.counts.superseded++
    this.counts.pending--
    version.loan.release()
  }

  #countStored(wrote: number): void {
    if (wrote > 0 && wrote < this.#store.hugeSize) this.counts.compressed++
    else this.counts.raw++
  }

  /** The first `wrote` bytes of the stream's buffer, and what follows up to a multiple of 16: objects of the pool have room for it. */
  #result(wrote: number): Uint8Array {
    if (wrote <= 0 || wrote === Status.fault) return this.#stream.buffer
    const units = (wrote + 15) >> 4
    let view = this.#results[units]
    if (!view) {
      view = this.#stream.buffer.subarray(0, units << 4)
      this.#results[units] = view
    }
    return view
  }
}
