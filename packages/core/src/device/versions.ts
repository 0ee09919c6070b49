/**
 * Pages that are with a device. Of one page there may be several contents on their way, oldest first; each is newer than what is stored.
 * The order in which they land does not matter: a newer one that is stored makes the older ones pointless, and they count as written.
 */
import type { Holder, Loan } from '../managed/loan.js'
import { Errno } from './errno.js'
import { DiscardRequest, type Request } from './requests.js'

/** What becomes of a version. */
export interface Landing {
  /** The device is done with it: a length, `declined` or `fault`. */
  landed(version: Version, wrote: number): void
  /** It is pointless, because a newer content is stored. Its stream is to go back. */
  superseded(version: Version): void
}

/** One content of one page on its way, and who has the stream that it is on. Used again for another when it has ended. */
export class Version implements Holder {
  page: number
  loan: Loan
  request: Request
  /** Built on the version before it, by a write to a part of the page: it holds that version's bytes too. */
  builtOn: boolean
  /** The one before it, still on its way. */
  older: Version | undefined
  /** The newest of another page, in the same bucket. */
  next: Version | undefined
  /** Older ones that failed, whose bytes this one holds: they end as this one ends. */
  carried: readonly Version[] = noVersions
  errno: Errno = Errno.ok
  /** Stored, failed or pointless: nobody waits for its answer. */
  over = false
  readonly #landing: Landing

  constructor(landing: Landing, page: number, loan: Loan, request: Request) {
    this.#landing = landing
    this.page = page
    this.loan = loan
    this.request = request
    this.builtOn = false
  }

  begin(page: number, loan: Loan, request: Request, older: Version | undefined, partial: boolean): void {
    this.page = page
    this.loan = loan
    this.request = request
    this.older = older
    this.builtOn = partial && older !== undefined
    this.errno = Errno.ok
    this.over = false
  }

  answered(wrote: number): void {
    if (!this.over) this.#landing.landed(this, wrote)
  }

  /** Never: it is sent as soon as there is a stream for it. */
  takenBack(): void {}
}

export class VersionsInFlight {
  readonly #newest = new NewestVersions()
  readonly #landing: Landing
  /** Ended, and known to nobody. */
  readonly #spare: Version[] = []

  constructor(landing: Landing) {
    this.#landing = landing
  }

  get pages(): number {
    return this.#newest.size
  }

  /** The newest content on its way to a page. */
  newest(page: number): Version | undefined {
    return this.#newest.of(page)
  }

  /** `partial`: it was built on the newest content that there is. */
  add(page: number, loan: Loan, request: Request, partial: boolean): Version {
    const older = this.#newest.of(page)
    const version = this.#spare.pop() ?? new Version(this.#landing, page, loan, request)
    version.begin(page, loan, request, older, partial)
    if (older) this.#newest.remove(older)
    this.#newest.add(version)
    request.inFlight++
    return version
  }

  /** A content newer than all versions of the page was stored, or the page was discarded. */
  supersede(page: number): void {
    const newest = this.#newest.of(page)
    if (newest) this.#makePointless(newest)
  }

  /** The same for all pages from `first` up to, not including, `end`. */
  supersedeRange(first: number, end: number): void {
    for (const newest of this.#newest.between(first, end)) this.#makePointless(newest)
  }

  /** `version` is stored. Older ones of its page are pointless. */
  stored(version: Version): void {
    const { older } = version
    this.#unlink(version, undefined)
    if (older) this.#endPointless(older)
    this.#end(version, Errno.ok)
  }

  /** `version` could not be stored. If a newer one holds its bytes, it is not lost yet. */
  failed(version: Version, errno: Errno): void {
    const newer = this.#unlink(version, version.older)
    version.errno = errno
    version.over = true
    if (newer?.builtOn) newer.carried = [...version.carried, ...newer.carried, version]
    else this.#end(version, errno)
  }

  /** Puts `older` in the place of a version. Answers with the one after it. */
  #unlink(version: Version, older: Version | undefined): Version | undefined {
    version.older = undefined
    let newer = this.#newest.of(version.page)
    if (newer === version) {
      this.#newest.remove(version)
      if (older) this.#newest.add(older)
      return undefined
    }
    while (newer && newer.older !== version) newer = newer.older
    if (newer) newer.older = older
    return newer
  }

  #makePointless(newest: Version): void {
    this.#newest.remove(newest)
    this.#endPointless(newest)
  }

  /** A version and all before it, oldest first. */
  #endPointless(newest: Version): void {
    const versions: Version[] = []
    for (let version: Version | undefined = newest; version; version = version.older) versions.push(version)
    for (const version of versions.reverse()) {
      version.over = true
      version.older = undefined
      this.#landing.superseded(version)
      this.#end(version, Errno.ok)
    }
  }

  /** What it carried ends as it does: stored with it, or each with its own error. */
  #end(version: Version, errno: Errno): void {
    version.over = true
    const { carried, request } = version
    if (carried.length > 0) {
      for (const failed of carried) failed.request.landed(errno === Errno.ok ? Errno.ok : failed.errno)
    } else if (this.#spare.length < mostSpare) {
      // A caller's memory is not kept longer than its request lasts.
      version.request = noRequest
      this.#spare.push(version)
    }
    request.landed(errno)
  }
}

/** A power of two. A device has half as many streams, as a rule. */
const buckets = 256

/**
 * The newest version of each page, found by the page's number: a hash table through its own entries. A `Map` makes itself anew every few
 * dozen pages, since as much is deleted from it as is set; what it was before outlives young collections, and makes them long.
 */
class NewestVersions {
  size = 0
  readonly #buckets = new Array<Version | undefined>(buckets).fill(undefined)

  of(page: number): Version | undefined {
    let version = this.#buckets[page & (buckets - 1)]
    while (version && version.page !== page) version = version.next
    return version
  }

  /** `version` must be the only one of its page here. */
  add(version: Version): void {
    const bucket = version.page & (buckets - 1)
    version.next = this.#buckets[bucket]
    this.#buckets[bucket] = version
    this.size++
  }

  /** `version` must be here. */
  remove(version: Version): void {
    const bucket = version.page & (buckets - 1)
    let before = this.#buckets[bucket]
    if (before === version) this.#buckets[bucket] = version.next
    else {
      while (before && before.next !== version) before = before.next
      if (before) before.next = version.next
    }
    version.next = undefined
    this.size--
  }

  /** Those of pages from `first` up to, not including, `end`. */
  between(first: number, end: number): Version[] {
    const found: Version[] = []
    if (this.size === 0) return found
    for (let version of this.#buckets) {
      for (; version; version = version.next) if (version.page >= first && version.page < end) found.push(version)
    }
    return found
  }
}

/** Versions kept for the next pages. */
const mostSpare = 128
const noRequest: Request = new DiscardRequest(0, 0)
const noVersions: readonly Version[] = []
