/** Stored pages: slot table, pool and the kernel's accounts, one page at a time, at once. A new content is in place before the old one goes. */
import { Status } from '../ops.js'
import type { StreamLease } from '../zcomp/lease.js'
import { checksum } from './checksum.js'
import { Errno } from './errno.js'
import { Pool } from './pool.js'
import { fillSame } from './same-filled.js'
import { SlotFlag, SlotTable, SlotWord } from './slots.js'

/** What `mm_stat` counts. */
export interface MemoryCounts {
  /** Pages in use, same-filled ones included. */
  pagesStored: number
  /** Stored bytes: a raw page counts whole, a same-filled one nothing. */
  comprDataSize: number
  samePages: number
  hugePages: number
  /** Pages ever stored raw. */
  hugePagesSince: number
  pagesCompacted: number
  /** High-water mark of the memory held, in bytes. Taken before the limit is looked at, as the kernel does. */
  maxUsed: number
}

export function noMemoryCounts(): MemoryCounts {
  return {
    pagesStored: 0,
    comprDataSize: 0,
    samePages: 0,
    hugePages: 0,
    hugePagesSince: 0,
    pagesCompacted: 0,
    maxUsed: 0,
  }
}

export interface PageStoreOptions {
  readonly pageSize: number
  /** Keep a checksum of the stored bytes with each page. */
  readonly checksum: boolean
}

export class PageStore {
  readonly pageSize: number
  /** Compressed pages of this many bytes and more are stored raw. */
  readonly hugeSize: number
  readonly counts: MemoryCounts = noMemoryCounts()
  /** `mem_limit` in bytes; 0: none. */
  limit = 0
  /** The time that accesses are stamped with, in whole seconds. The owner moves it on. */
  seconds = 0
  readonly slots: SlotTable = new SlotTable()
  readonly #pool: Pool
  readonly #checksum: boolean

  constructor(options: PageStoreOptions) {
    this.pageSize = options.pageSize
    this.#pool = new Pool(options.pageSize)
    this.hugeSize = this.#pool.table.hugeSize
    this.#checksum = options.checksum
  }

  /** `mem_used_total`, in bytes. */
  get heldBytes(): number {
    return this.#pool.heldBytes
  }

  /** Stores a page as one word. Takes no memory, and asks no limit. */
  putSame(page: number, low: number, high: number): void {
    this.#replace(page, low, high, SlotFlag.same)
    this.counts.samePages++
  }

  /** Stores a page raw. */
  putRaw(page: number, bytes: Uint8Array): Errno {
    const errno = this.#put(page, bytes, bytes.length, SlotFlag.huge)
    if (errno !== Errno.ok) return errno
    this.counts.hugePages++
    this.counts.hugePagesSince++
    return Errno.ok
  }

  /** Makes a page read as zeros again. False where it was not in use. */
  free(page: number): boolean {
    const words = this.slots.find(page)
    if (!words) return false
    const at = this.slots.at(page)
    if (!this.#dropContent(words, at)) return false
    words.fill(0, at, at + 4)
    this.slots.gave(page)
    return true
  }

  /** Fills `into`, a page, with the content of `page`. What cannot be read leaves `into` in no particular state. */
  read(page: number, into: Uint8Array, stream: StreamLease): Errno {
    const words = this.slots.find(page)
    const at = this.slots.at(page)
    const flags = words ? (words[at + SlotWord.flags] as number) : 0
    if (!words || !(flags & SlotFlag.allocated)) {
      into.fill(0)
      return Errno.ok
    }
    words[at + SlotWord.flags] = flags & ~SlotFlag.idle
    words[at + SlotWord.accessed] = this.seconds
    if (flags & SlotFlag.same) {
      fillSame(into, words[at + SlotWord.address] as number, words[at + SlotWord.sum] as number)
      return Errno.ok
    }
    const bytes = this.#pool.view(words[at + SlotWord.address] as number, flags & SlotFlag.sizeMask)
    if (this.#checksum && checksum(bytes) !== words[at + SlotWord.sum]) return Errno.EIO
    if (flags & SlotFlag.huge) into.set(bytes)
    else if (stream.decompress(bytes, into) !== into.length) return Errno.EIO
    return Errno.ok
  }

  /**
   * Stores the result of a codec: bytes, a page not worth compressing, or a failure. `compressed` may go on beyond what was written, up to
   * a multiple of 16 bytes, as objects do. `raw` is the page itself.
   */
  putResult(page: number, wrote: number, compressed: Uint8Array, raw: Uint8Array): Errno {
    if (wrote === Status.fault) return Errno.EIO
    if (wrote <= 0 || wrote >= this.hugeSize) return this.putRaw(page, raw)
    return this.#put(page, compressed, wrote, 0)
  }

  /** Marks every page in use, not same-filled, that was not accessed for `seconds`, and unmarks the younger. */
  markIdle(seconds: number): void {
    const cutoff = this.seconds - seconds
    this.slots.forEach((_page, words, at) => {
      const flags = words[at + SlotWord.flags] as number
      if (flags & SlotFlag.same) return
      const idle = seconds === 0 || (words[at + SlotWord.accessed] as number) < cutoff
      words[at + SlotWord.flags] = idle ? flags | SlotFlag.idle : flags & ~SlotFlag.idle
    })
  }

  /** Packs the pool, and returns the pages that this freed. */
  compact(): number {
    const freed = this.#pool.compact((move) => {
      this.slots.forEach((_page, words, at) => {
        if ((words[at + SlotWord.flags] as number) & SlotFlag.same) return
        words[at + SlotWord.address] = move(words[at + SlotWord.address] as number)
      })
    })
    this.counts.pagesCompacted += freed
    return freed
  }

  /** The end of all pages: up to `mebibytes` of their memory go back. False when none is left. */
  end(mebibytes: number): boolean {
    return this.#pool.end(mebibytes)
  }

  /** The stored sizes of all pages in use: 0 for same-filled ones, a page for raw ones. */
  storedSizes(): number[] {
    const sizes: number[] = []
    this.slots.forEach((_page, words, at) => {
      const flags = words[at + SlotWord.flags] as number
      sizes.push(flags & SlotFlag.same ? 0 : flags & SlotFlag.sizeMask)
    })
    return sizes
  }

  /** The flags word of a page, 0 where it is not in use. */
  flags(page: number): number {
    const words = this.slots.find(page)
    return words ? (words[this.slots.at(page) + SlotWord.flags] as number) : 0
  }

  /** Installs `size` bytes first and frees then, so that a failure leaves the old content. */
  #put(page: number, bytes: Uint8Array, size: number, flag: number): Errno {
    const { counts } = this
    const pool = this.#pool
    const address = pool.alloc(size)
    if (address < 0) return Errno.ENOMEM
    const held = pool.heldBytes
    if (held > counts.maxUsed) counts.maxUsed = held
    if (this.limit !== 0 && held > this.limit) {
      pool.undo(address)
      return Errno.ENOMEM
    }
    pool.write(address, bytes)
    const sum = this.#checksum ? checksum(pool.view(address, size)) : 0
    this.#replace(page, address, sum, flag | size)
    counts.comprDataSize += size
    return Errno.ok
  }

  #replace(page: number, address: number, sum: number, flags: number): void {
    const words = this.slots.need(page)
    const at = this.slots.at(page)
    if (!this.#dropContent(words, at)) this.slots.took(page)
    words[at + SlotWord.address] = address
    words[at + SlotWord.sum] = sum
    words[at + SlotWord.flags] = SlotFlag.allocated | flags
    words[at + SlotWord.accessed] = this.seconds
    this.counts.pagesStored++
  }

  /** Takes the old content out of pool and accounts. The slot itself is the caller's to write. */
  #dropContent(words: Uint32Array, at: number): boolean {
    const flags = words[at + SlotWord.flags] as number
    if (!(flags & SlotFlag.allocated)) return false
    const { counts } = this
    if (flags & SlotFlag.same) counts.samePages--
    else {
      this.#pool.free(words[at + SlotWord.address] as number)
      counts.comprDataSize -= flags & SlotFlag.sizeMask
      if (flags & SlotFlag.huge) counts.hugePages--
    }
    counts.pagesStored--
    return true
  }
}
