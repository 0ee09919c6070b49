/**
 * Pages that are with a device. Of one page there may be several contents on their way, oldest first; each is newer than what is stored.
 * The order in which they land does not matter: a newer one that is stored makes the older ones pointless, and they count as written.
 */
import type { ManagedLease } from '../managed/lease.js'
import { Errno } from './errno.js'
import type { Request } from './requests.js'

export interface Version {
  readonly page: number
  readonly lease: ManagedLease
  readonly request: Request
  /** Built on the version before it, by a write to a part of the page: it holds that version's bytes too. */
  readonly builtOn: boolean
  /** Older ones that failed, whose bytes this one holds: they end as this one ends. */
  carried: Version[]
  errno: Errno
  /** Stored, failed or pointless: nobody waits for its answer. */
  over: boolean
}

export class VersionsInFlight {
  readonly #byPage = new Map<number, Version[]>()
  /** Called for each version that is pointless because a newer content is stored. */
  readonly #superseded: (version: Version) => void

  constructor(superseded: (version: Version) => void) {
    this.#superseded = superseded
  }

  get pages(): number {
    return this.#byPage.size
  }

  /** The newest content on its way to a page. */
  newest(page: number): Version | undefined {
    return this.#byPage.get(page)?.at(-1)
  }

  add(page: number, lease: ManagedLease, request: Request, builtOn: boolean): Version {
    const version: Version = { page, lease, request, builtOn, carried: noVersions, errno: Errno.ok, over: false }
    const versions = this.#byPage.get(page)
    if (versions) versions.push(version)
    else this.#byPage.set(page, [version])
    request.inFlight++
    return version
  }

  /** A content newer than all versions of the page was stored, or the page was discarded. */
  supersede(page: number): void {
    const versions = this.#byPage.get(page)
    if (!versions) return
    this.#byPage.delete(page)
    versions.forEach(this.#makePointless)
  }

  /** The same for all pages from `first` up to, not including, `end`. */
  supersedeRange(first: number, end: number): void {
    for (const page of [...this.#byPage.keys()]) if (page >= first && page < end) this.supersede(page)
  }

  /** `version` is stored. Older ones of its page are pointless. */
  stored(version: Version): void {
    const versions = this.#byPage.get(version.page) ?? []
    const older = versions.splice(0, versions.indexOf(version) + 1)
    if (versions.length === 0) this.#byPage.delete(version.page)
    older.pop()
    older.forEach(this.#makePointless)
    this.#end(version, Errno.ok)
  }

  /** `version` could not be stored. If a newer one holds its bytes, it is not lost yet. */
  failed(version: Version, errno: Errno): void {
    const versions = this.#byPage.get(version.page) ?? []
    const i = versions.indexOf(version)
    const newer = versions[i + 1]
    versions.splice(i, 1)
    if (versions.length === 0) this.#byPage.delete(version.page)
    version.errno = errno
    version.over = true
    if (newer?.builtOn) newer.carried = [...version.carried, ...newer.carried, version]
    else this.#end(version, errno)
  }

  readonly #makePointless = (version: Version): void => {
    this.#superseded(version)
    this.#end(version, Errno.ok)
  }

  /** What it carried ends as it does: stored with it, or each with its own error. */
  #end(version: Version, errno: Errno): void {
    version.over = true
    for (const carried of version.carried) carried.request.landed(errno === Errno.ok ? Errno.ok : carried.errno)
    version.request.landed(errno)
  }
}

const noVersions: Version[] = []
