/**
 * Where compressed pages lie: objects of zsmalloc's size classes in zspages of one to eight pages, cut from slabs. An object is named by
 * its address in units of 16 bytes, so 32 bits reach 64 GiB; it lies in one piece and has no header.
 */
import { type ClassTable, classIndex, classTable } from './classes.js'
import { grown } from './grow.js'
import { Slabs, slabBytes } from './slabs.js'

const unitBits = 4
const slabUnitBits: number = Math.log2(slabBytes) - unitBits
const slabUnitMask: number = (1 << slabUnitBits) - 1
const none = -1

/** Words of a page. All of one zspage lie in half a cache line. */
const Word = {
  /** How far back the page's zspage begins, in pages. */
  back: 0,
  /** Its class, as a place in the table. */
  place: 1,
  /** Objects in use. */
  used: 2,
  /** Objects handed out at least once; beyond them the zspage is untouched. */
  touched: 3,
  /** Address + 1 of the first free object among those touched; 0: none. The object holds the next. */
  free: 4,
  /** Neighbours in the list of zspages of its class that have room; `prev` is its own number where it is in no list. */
  next: 5,
  prev: 6,
} as const
const wordsPerPageBits = 3

export class Pool {
  readonly table: ClassTable
  readonly #slabs: Slabs
  readonly #pageUnitBits: number
  /** First zspage of each class with room, or -1. */
  readonly #roomy: Int32Array
  // Per class, what `table.classes` says.
  readonly #objects: Uint16Array
  readonly #pages: Uint8Array
  /** Size of an object in units of 16 bytes. */
  readonly #units: Uint16Array
  /** What is known of each page, `wordsPerPage` words each, at its number; of a zspage, at its first page. */
  #words: Int32Array = new Int32Array(0)
  #usedPages = 0

  constructor(pageSize: number) {
    this.table = classTable(pageSize)
    this.#slabs = new Slabs(pageSize)
    this.#pageUnitBits = Math.log2(pageSize) - unitBits
    const { classes } = this.table
    this.#roomy = new Int32Array(classes.length).fill(none)
    this.#objects = Uint16Array.from(classes, ({ objects }) => objects)
    this.#pages = Uint8Array.from(classes, ({ pages }) => pages)
    this.#units = Uint16Array.from(classes, ({ size }) => size >> unitBits)
  }

  /** Bytes really held from the host: `mem_used_total`. */
  get heldBytes(): number {
    return this.#slabs.heldBytes
  }

  /** Bytes in zspages, without what slabs hold in reserve. */
  get zspageBytes(): number {
    return this.#usedPages * this.table.pageSize
  }

  /** An object for `bytes` bytes, 1 to a page; -1 where the host has no memory left. */
  alloc(bytes: number): number {
    const place = classIndex(this.table, bytes)
    let zspage = this.#roomy[place] as number
    if (zspage === none) {
      zspage = this.#newZspage(place)
      if (zspage === none) return none
    }
    const words = this.#words
    const at = zspage << wordsPerPageBits
    const head = (words[at + Word.free] as number) >>> 0
    let address: number
    if (head !== 0) {
      address = head - 1
      words[at + Word.free] = this.#word(address)
    } else {
      const nth = words[at + Word.touched] as number
      words[at + Word.touched] = nth + 1
      address = ((zspage << this.#pageUnitBits) + nth * (this.#units[place] as number)) >>> 0
    }
    const used = (words[at + Word.used] as number) + 1
    words[at + Word.used] = used
    if (used === this.#objects[place]) this.#unlist(place, zspage)
    return address
  }

  free(address: number): void {
    const words = this.#words
    const zspage = this.#zspageOf(address)
    const at = zspage << wordsPerPageBits
    const place = words[at + Word.place] as number
    const objects = this.#objects[place] as number
    const used = (words[at + Word.used] as number) - 1
    words[at + Word.used] = used
    if (used === 0) {
      if (objects > 1) this.#unlist(place, zspage)
      this.#dropZspage(place, zspage)
      return
    }
    this.#setWord(address, words[at + Word.free] as number)
    words[at + Word.free] = address + 1
    if (used === objects - 1) this.#list(place, zspage)
  }

  /** Frees an object as if it had never been: memory that was taken for it alone goes back at once. */
  undo(address: number): void {
    const page = address >>> this.#pageUnitBits
    const before = this.#usedPages
    this.free(address)
    if (this.#usedPages < before) this.#slabs.trimAt(page)
  }

  /** Copies `bytes` to the front of an object. */
  write(address: number, bytes: Uint8Array): void {
    const slab = this.#slabs.bytes[address >>> slabUnitBits] as Uint8Array
    slab.set(bytes, (address & slabUnitMask) << unitBits)
  }

  /** The first `length` bytes of an object. Valid until the next change of the pool. */
  view(address: number, length: number): Uint8Array {
    const buffer = this.#slabs.buffers[address >>> slabUnitBits] as ArrayBuffer
    return new Uint8Array(buffer, (address & slabUnitMask) << unitBits, length)
  }

  /** The class of an object, as a place in `table.classes`. */
  placeOf(address: number): number {
    return this.#words[(this.#zspageOf(address) << wordsPerPageBits) + Word.place] as number
  }

  /**
   * Empties the least used zspages into the others of their class. `each` calls its argument with the address of every live object and
   * takes the new one. Returns the pages freed.
   */
  compact(each: (move: (address: number) => number) => void): number {
    const before = this.#usedPages
    const leaving = this.#chooseLeaving()
    if (leaving.size > 0) {
      each((address) => {
        return leaving.has(this.#zspageOf(address)) ? this.#moveOut(address) : address
      })
    }
    this.#slabs.trim()
    return before - this.#usedPages
  }

  /** Gives up to `mebibytes` back, at once rather than when garbage is collected. False when none is left. Nothing else may be asked of the pool any more. */
  end(mebibytes: number): boolean {
    return this.#slabs.end(mebibytes)
  }

  #moveOut(address: number): number {
    const size = (this.#units[this.placeOf(address)] as number) << unitBits
    const to = this.alloc(size)
    this.write(to, this.view(address, size))
    this.free(address)
    return to
  }

  /** For each class the emptiest zspages whose objects fit into the room of the rest. They leave the lists, so nothing new enters them. */
  #chooseLeaving(): Set<number> {
    const leaving = new Set<number>()
    this.table.classes.forEach(({ objects }, place) => {
      const roomy: number[] = []
      for (let z = this.#roomy[place] as number; z !== none; z = this.#get(z, Word.next)) roomy.push(z)
      roomy.sort((a, b) => this.#get(a, Word.used) - this.#get(b, Word.used))
      let room = roomy.reduce((sum, z) => sum + objects - this.#get(z, Word.used), 0)
      for (const zspage of roomy) {
        const used = this.#get(zspage, Word.used)
        room -= objects - used
        if (used > room) break
        room -= used
        leaving.add(zspage)
        this.#unlist(place, zspage)
      }
    })
    return leaving
  }

  #newZspage(place: number): number {
    const pages = this.#pages[place] as number
    const zspage = this.#slabs.take(pages)
    if (zspage < 0) return none
    this.#grow()
    const at = zspage << wordsPerPageBits
    this.#words.fill(0, at, at + (pages << wordsPerPageBits))
    this.#words[at + Word.place] = place
    for (let i = 0; i < pages; i++) this.#words[at + (i << wordsPerPageBits) + Word.back] = i
    this.#usedPages += pages
    this.#list(place, zspage)
    return zspage
  }

  #dropZspage(place: number, zspage: number): void {
    const pages = this.#pages[place] as number
    this.#usedPages -= pages
    this.#slabs.give(zspage, pages)
  }

  #list(place: number, zspage: number): void {
    const words = this.#words
    const first = this.#roomy[place] as number
    words[(zspage << wordsPerPageBits) + Word.next] = first
    words[(zspage << wordsPerPageBits) + Word.prev] = none
    if (first !== none) words[(first << wordsPerPageBits) + Word.prev] = zspage
    this.#roomy[place] = zspage
  }

  #unlist(place: number, zspage: number): void {
    const words = this.#words
    const at = zspage << wordsPerPageBits
    const next = words[at + Word.next] as number
    const prev = words[at + Word.prev] as number
    if (prev === zspage) return
    if (prev === none) this.#roomy[place] = next
    else words[(prev << wordsPerPageBits) + Word.next] = next
    if (next !== none) words[(next << wordsPerPageBits) + Word.prev] = prev
    words[at + Word.prev] = zspage
  }

  #get(zspage: number, word: number): number {
    return this.#words[(zspage << wordsPerPageBits) + word] as number
  }

  #zspageOf(address: number): number {
    const page = address >>> this.#pageUnitBits
    return page - (this.#words[page << wordsPerPageBits] as number)
  }

  #grow(): void {
    const pages = this.#slabs.count * this.#slabs.pagesPerSlab
    const length = pages << wordsPerPageBits
    if (length > this.#words.length) this.#words = grown(this.#words, Math.max(length, 2 * this.#words.length))
  }

  #word(address: number): number {
    return (this.#slabs.words[address >>> slabUnitBits] as Uint32Array)[(address & slabUnitMask) << 2] as number
  }

  #setWord(address: number, value: number): void {
    ;(this.#slabs.words[address >>> slabUnitBits] as Uint32Array)[(address & slabUnitMask) << 2] = value
  }
}
