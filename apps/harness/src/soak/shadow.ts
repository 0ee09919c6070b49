/**
 * What a device must hold. Of each page: the content that has settled, and the newer ones that were submitted since. A read may show
 * any state of a page from the last write that had completed when the read was submitted to the last that is submitted when it ends.
 */

interface Version {
  readonly content: Uint8Array
  done: boolean
}

interface History {
  /** Newer than what has settled, oldest first. */
  versions: Version[]
  /** Reads that are under way: what they may see stays. */
  readers: number
}

/** Ends a write: its promise has settled. */
export type EndWrite = () => void

/** A read that is under way. */
export interface Look {
  /** Compares what came. Answers with what is wrong, in words, or undefined. To be called once, whatever became of the read. */
  judge(got: Uint8Array | undefined): string | undefined
}

export class Shadow {
  readonly pageSize: number
  readonly size: number
  readonly #settled: Uint8Array
  readonly #pages = new Map<number, History>()
  readonly #zeroes: Uint8Array
  /** Pages of contents that are forgotten, for the next ones: a soak that makes garbage hides what its devices leave. */
  readonly #spare: Uint8Array[] = []

  constructor(size: number, pageSize: number) {
    this.size = size
    this.pageSize = pageSize
    this.#settled = new Uint8Array(size)
    this.#zeroes = new Uint8Array(pageSize)
  }

  /** Pages with something under way. */
  get open(): number {
    return this.#pages.size
  }

  /** A write that is being submitted. */
  write(offset: number, data: Uint8Array): EndWrite {
    return this.#add(offset, data.length, (page, from, to, at) => {
      const content = this.#copy(to - from === this.pageSize ? this.#zeroes : this.#newest(page))
      content.set(data.subarray(at, at + to - from), from)
      return content
    })
  }

  /** Zeroes written to all bytes of the range. */
  zero(offset: number, length: number): EndWrite {
    return this.#add(offset, length, (page, from, to) => {
      if (to - from === this.pageSize) return this.#zeroes
      return this.#copy(this.#newest(page)).fill(0, from, to)
    })
  }

  /** A discard: whole pages only. */
  discard(offset: number, length: number): EndWrite {
    const first = Math.ceil(offset / this.pageSize) * this.pageSize
    const end = Math.floor((offset + length) / this.pageSize) * this.pageSize
    return this.zero(first, Math.max(0, end - first))
  }

  /** A read that is being submitted. */
  look(offset: number, length: number): Look {
    const floors: number[] = []
    this.#each(offset, length, (page) => {
      const history = this.#history(page)
      history.readers++
      floors.push(lastDone(history))
    })
    return {
      judge: (got) => {
        const wrong: string[] = []
        this.#each(offset, length, (page, from, to, at) => {
          const floor = floors.shift() as number
          const part = got?.subarray(at, at + to - from)
          if (part && !this.#mayShow(page, floor, from, part)) wrong.push(this.#describe(page, floor, from, part))
          const history = this.#history(page)
          history.readers--
          this.#settle(page, history)
        })
        return wrong.length === 0 ? undefined : `${wrong.length} pages hold what was never to be seen: ${wrong[0]}`
      },
    }
  }

  #mayShow(page: number, floor: number, from: number, got: Uint8Array): boolean {
    const { versions } = this.#history(page)
    for (let i = versions.length - 1; i >= Math.max(0, floor); i--) {
      if (Buffer.compare(got, (versions[i] as Version).content.subarray(from, from + got.length)) === 0) return true
    }
    return floor < 0 && Buffer.compare(got, this.#old(page).subarray(from, from + got.length)) === 0
  }

  /** Whether it is something else altogether, or a mixture of what was written. */
  #describe(page: number, floor: number, from: number, got: Uint8Array): string {
    const { versions } = this.#history(page)
    const all = [this.#old(page), ...versions.map(({ content }) => content)].map((content) => content.subarray(from))
    const newest = all.at(-1) as Uint8Array
    const other = got.reduce((sum, byte, i) => sum + (byte === newest[i] ? 0 : 1), 0)
    const strange = got.reduce((sum, byte, i) => sum + (all.some((content) => content[i] === byte) ? 0 : 1), 0)
    const equal = all.findIndex((content) => Buffer.compare(content.subarray(0, got.length), got) === 0)
    return `page ${page}, bytes ${from} to ${from + got.length}: ${other} differ from the newest of ${versions.length}, ${strange} from all; allowed from ${floor}, equal to ${equal - 1}`
  }

  #add(offset: number, length: number, make: EachPage<Uint8Array>): EndWrite {
    const added: { page: number; version: Version }[] = []
    this.#each(offset, length, (page, from, to, at) => {
      const version = { content: make(page, from, to, at), done: false }
      this.#history(page).versions.push(version)
      added.push({ page, version })
    })
    return () => {
      for (const { page, version } of added) {
        version.done = true
        const history = this.#pages.get(page)
        if (history) this.#settle(page, history)
      }
    }
  }

  /** What nobody may see any more is forgotten. */
  #settle(page: number, history: History): void {
    if (history.readers > 0) return
    const last = lastDone(history)
    if (last >= 0) {
      this.#old(page).set((history.versions[last] as Version).content)
      for (const { content } of history.versions.splice(0, last + 1)) {
        if (content !== this.#zeroes) this.#spare.push(content)
      }
    }
    if (history.versions.length === 0) this.#pages.delete(page)
  }

  #copy(content: Uint8Array): Uint8Array {
    const page = this.#spare.pop() ?? new Uint8Array(this.pageSize)
    page.set(content)
    return page
  }

  #history(page: number): History {
    let history = this.#pages.get(page)
    if (!history) {
      history = { versions: [], readers: 0 }
      this.#pages.set(page, history)
    }
    return history
  }

  #newest(page: number): Uint8Array {
    return this.#pages.get(page)?.versions.at(-1)?.content ?? this.#old(page)
  }

  #old(page: number): Uint8Array {
    return this.#settled.subarray(page * this.pageSize, (page + 1) * this.pageSize)
  }

  #each(offset: number, length: number, run: EachPage<void>): void {
    const { pageSize } = this
    for (let at = offset; at < offset + length; ) {
      const page = Math.floor(at / pageSize)
      const end = Math.min(offset + length, (page + 1) * pageSize)
      run(page, at - page * pageSize, end - page * pageSize, at - offset)
      at = end
    }
  }
}

/** `from` and `to` count bytes in the page, `at` bytes in the request. */
type EachPage<T> = (page: number, from: number, to: number, at: number) => T

function lastDone({ versions }: History): number {
  return versions.findLastIndex(({ done }) => done)
}
