/** Contents on their way to pages, against a model that keeps a plain list for each page. */
import { describe, expect, it } from 'vitest'
import { Errno } from '../src/device/errno.js'
import { WriteRequest } from '../src/device/requests.js'
import { type Version, VersionsInFlight } from '../src/device/versions.js'
import { seededRandom } from '../src/index.js'
import type { Loan } from '../src/managed/loan.js'

/** Many of them share their low bits, as pages of a large device do. */
const pages = [0, 1, 2, 256, 257, 512, 768, 2 ** 33, 2 ** 33 + 256, 2 ** 40]
const noLoan = {} as Loan

class Model {
  readonly superseded: Version[] = []
  readonly versions = new VersionsInFlight({
    landed: () => {},
    superseded: (version) => this.superseded.push(version),
  })
  /** What each was last begun for: one that has ended knows it no more. */
  readonly requests = new Map<Version, WriteRequest>()
  /** Oldest first. */
  readonly lists = new Map<number, Version[]>(pages.map((page) => [page, []]))

  list(page: number): Version[] {
    return this.lists.get(page) as Version[]
  }

  all(): Version[] {
    return [...this.lists.values()].flat()
  }

  add(page: number, partial: boolean): Version {
    const request = new WriteRequest(0, new Uint8Array(1))
    request.at = request.end
    const version = this.versions.add(page, noLoan, request, partial)
    expect(version.builtOn).toBe(partial && this.list(page).length > 0)
    this.list(page).push(version)
    this.requests.set(version, request)
    return version
  }

  check(): void {
    for (const page of pages) expect(this.versions.newest(page)).toBe(this.list(page).at(-1))
    expect(this.versions.pages).toBe([...this.lists.values()].filter((list) => list.length > 0).length)
    for (const version of this.all()) expect(version.over).toBe(false)
  }
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T
}

describe('contents on their way', () => {
  it('are found by their page, and end in order, whatever lands first', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed)
      const model = new Model()
      for (let step = 0; step < 100; step++) {
        const roll = random()
        const page = pick(pages, random)
        const list = model.list(page)
        const before = model.superseded.length
        let gone: Version[] = []
        if (roll < 0.5 || list.length === 0) model.add(page, random() < 0.5)
        else if (roll < 0.75) {
          const version = pick(list, random)
          gone = list.splice(0, list.indexOf(version))
          list.shift()
          model.versions.stored(version)
          expect(model.requests.get(version)).toMatchObject({ ended: true, errno: Errno.ok })
          expect(version.request).not.toBe(model.requests.get(version))
        } else if (roll < 0.9) {
          gone = list.splice(0)
          model.versions.supersede(page)
        } else {
          const first = pick(pages, random)
          gone = model.all().filter((version) => version.page >= first && version.page < first + 300)
          for (const [at, versions] of model.lists) if (at >= first && at < first + 300) versions.splice(0)
          model.versions.supersedeRange(first, first + 300)
        }
        const ended = model.superseded.slice(before)
        expect(new Set(ended)).toEqual(new Set(gone))
        for (const each of pages) {
          const ofPage = (versions: readonly Version[]): Version[] =>
            versions.filter((version) => version.page === each)
          expect(ofPage(ended)).toEqual(ofPage(gone))
        }
        for (const version of gone) expect(model.requests.get(version)).toMatchObject({ ended: true, errno: Errno.ok })
        model.check()
      }
    }
  })

  it('that failed wait for a newer one that holds their bytes, and are lost where there is none', () => {
    const model = new Model()
    const [lost, oldest, middle, newest] = [false, false, true, true].map((partial) => model.add(256, partial)) as [
      Version,
      Version,
      Version,
      Version,
    ]
    const other = model.add(512, false)
    model.versions.failed(lost, Errno.ENOMEM)
    expect(model.requests.get(lost)).toMatchObject({ ended: true, errno: Errno.ENOMEM })
    model.versions.failed(middle, Errno.EIO)
    model.versions.failed(oldest, Errno.ENOMEM)
    expect([oldest.request.ended, middle.request.ended]).toEqual([false, false])
    // Those that ended may be used again for other pages, these may not.
    const others = Array.from({ length: 5 }, (_, i) => model.add(pages[i] === 256 ? 2 ** 40 : pages[i]!, false))
    expect(others).not.toContain(oldest)
    expect(others).not.toContain(middle)
    for (const each of others) model.versions.stored(each)
    expect(model.versions.newest(256)).toBe(newest)
    model.versions.stored(newest)
    for (const version of [oldest, middle, newest])
      expect(model.requests.get(version)).toMatchObject({ ended: true, errno: Errno.ok })
    expect(model.versions.newest(256)).toBeUndefined()
    expect(model.versions.newest(512)).toBe(other)
    model.versions.failed(other, Errno.EIO)
    expect(model.requests.get(other)).toMatchObject({ ended: true, errno: Errno.EIO })
    expect(model.versions.pages).toBe(0)
  })
})
