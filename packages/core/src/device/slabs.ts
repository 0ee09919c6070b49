/** Memory in slabs of 1 MiB, each a resizable buffer: an empty slab gives its memory back at once. Runs of pages are cut from it. */

/** Bytes in a slab. */
export const slabBytes: number = 1 << 20

/** 64 GiB: what addresses of 32 bits in steps of 16 bytes reach. */
const mostSlabs = 65536

/** What JavaScript has since Node 20, but TypeScript only declares for newer targets. */
interface ResizableBuffer extends ArrayBuffer {
  resize(bytes: number): void
}

interface Slab {
  readonly buffer: ResizableBuffer
  readonly bytes: Uint8Array
  readonly words: Uint32Array
  /** 1 where a page is taken. */
  readonly taken: Uint8Array
  takenCount: number
  /** No run longer than this is free. An upper bound, lowered by searches that fail. */
  maxRun: number
}

/** Pages are numbered through all slabs: `slab * pagesPerSlab + page`. */
export class Slabs {
  readonly pageSize: number
  readonly pagesPerSlab: number
  /** For each slab its bytes and its words, views that follow the slab's size. */
  readonly bytes: Uint8Array[] = []
  readonly words: Uint32Array[] = []
  /** The buffers behind them: asking a view for its buffer costs as much as making a view. */
  readonly buffers: ArrayBuffer[] = []
  /** Bytes that the slabs hold now. */
  heldBytes = 0
  readonly #slabs: Slab[] = []
  /** Slabs that hold nothing, but for one that is kept warm. */
  readonly #cold: number[] = []
  /** Slabs before this one have no free page. */
  #firstFree = 0
  /** The run given back last: what is wanted next mostly fits. */
  #lastRun = 0
  #lastRunPages = 0
  #warm = -1

  constructor(pageSize: number) {
    this.pageSize = pageSize
    this.pagesPerSlab = slabBytes / pageSize
  }

  get count(): number {
    return this.#slabs.length
  }

  /** The number of the first of `pages` free pages in a row, or -1 where the host has no memory left. */
  take(pages: number): number {
    if (pages <= this.#lastRunPages) {
      this.#lastRunPages = 0
      return this.#takeRun(Math.floor(this.#lastRun / this.pagesPerSlab), this.#lastRun % this.pagesPerSlab, pages)
    }
    this.#lastRunPages = 0
    for (let s = this.#firstFree; s < this.#slabs.length; s++) {
      const slab = this.#slabs[s] as Slab
      if (slab.takenCount === 0 && s !== this.#warm) continue
      if (slab.maxRun < pages) {
        if (s === this.#firstFree && slab.takenCount === this.pagesPerSlab) this.#firstFree++
        continue
      }
      const page = this.#findRun(slab, pages)
      if (page >= 0) return this.#takeRun(s, page, pages)
    }
    const fresh = this.#freshSlab()
    if (fresh < 0) return -1
    const first = this.#takeRun(fresh, 0, pages)
    if (first < 0) this.#cold.push(fresh)
    return first
  }

  /** Gives `pages` pages from `first` on back. An empty slab gives its memory back, but for one that stays warm. */
  give(first: number, pages: number): void {
    const s = Math.floor(first / this.pagesPerSlab)
    const page = first % this.pagesPerSlab
    const slab = this.#slabs[s] as Slab
    slab.taken.fill(0, page, page + pages)
    slab.takenCount -= pages
    slab.maxRun = this.pagesPerSlab
    if (s < this.#firstFree) this.#firstFree = s
    if (slab.takenCount > 0) {
      this.#lastRun = first
      this.#lastRunPages = pages
      return
    }
    if (this.#lastRunPages > 0 && Math.floor(this.#lastRun / this.pagesPerSlab) === s) this.#lastRunPages = 0
    if (this.#warm === s) return
    if (this.#warm < 0) this.#warm = s
    else this.#shrink(s)
  }

  /** Gives back what is free at the ends of slabs, the warm slab too. */
  trim(): void {
    this.#warm = -1
    this.#slabs.forEach((slab, s) => {
      if (slab.takenCount === 0) {
        if (slab.bytes.length > 0) this.#shrink(s)
        return
      }
      const end = slab.taken.lastIndexOf(1) + 1
      this.#resize(slab, end * this.pageSize)
    })
  }

  /** Gives back what is free at the end of the slab with this page. */
  trimAt(page: number): void {
    const slab = this.#slabs[Math.floor(page / this.pagesPerSlab)] as Slab
    if (slab.takenCount > 0) this.#resize(slab, (slab.taken.lastIndexOf(1) + 1) * this.pageSize)
    else if (slab.bytes.length > 0) {
      this.#warm = -1
      this.#shrink(Math.floor(page / this.pagesPerSlab))
    }
  }

  /** The end: gives up to `count` slabs back, taken or not. False when none is left. */
  end(count: number): boolean {
    for (const slab of this.#slabs.splice(0, count)) this.#resize(slab, 0)
    return this.#slabs.length > 0
  }

  #findRun(slab: Slab, pages: number): number {
    const { taken } = slab
    let run = 0
    for (let page = 0; page < taken.length; page++) {
      run = taken[page] ? 0 : run + 1
      if (run === pages) return page - pages + 1
    }
    slab.maxRun = Math.min(slab.maxRun, pages - 1)
    return -1
  }

  #takeRun(s: number, page: number, pages: number): number {
    const slab = this.#slabs[s] as Slab
    const end = (page + pages) * this.pageSize
    if (end > slab.bytes.length && !this.#resize(slab, end)) return -1
    if (s === this.#warm) this.#warm = -1
    slab.taken.fill(1, page, page + pages)
    slab.takenCount += pages
    return s * this.pagesPerSlab + page
  }

  /** An empty slab, made or used again; -1 where there is no address space. */
  #freshSlab(): number {
    const cold = this.#cold.pop()
    if (cold !== undefined) {
      if (cold < this.#firstFree) this.#firstFree = cold
      return cold
    }
    if (this.#slabs.length === mostSlabs) return -1
    try {
      const buffer = new ArrayBuffer(0, { maxByteLength: slabBytes } as object) as ResizableBuffer
      const slab: Slab = {
        buffer,
        bytes: new Uint8Array(buffer),
        words: new Uint32Array(buffer),
        taken: new Uint8Array(this.pagesPerSlab),
        takenCount: 0,
        maxRun: this.pagesPerSlab,
      }
      this.bytes.push(slab.bytes)
      this.words.push(slab.words)
      this.buffers.push(buffer)
      return this.#slabs.push(slab) - 1
    } catch {
      return -1
    }
  }

  #shrink(s: number): void {
    this.#resize(this.#slabs[s] as Slab, 0)
    this.#cold.push(s)
  }

  #resize(slab: Slab, bytes: number): boolean {
    const before = slab.bytes.length
    if (before === bytes) return true
    try {
      slab.buffer.resize(bytes)
    } catch {
      return false
    }
    this.heldBytes += bytes - before
    return true
  }
}
