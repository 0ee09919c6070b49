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
  // Per zspage, at the number of its first page.
  #classOf: Uint16Array = new Uint16Array(0)
  #used: Uint16Array = new Uint16Array(0)
  /** Objects handed out at least once; beyond them the zspage is untouched. */
  #touched: Uint16Array = new Uint16Array(0)
  /** Address + 1 of the first free object among those touched; 0 where there is none. The object holds the next. */
  #free: Uint32Array = new Uint32Array(0)
  #next: Int32Array = new Int32Array(0)
  #prev: Int32Array = new Int32Array(0)
  /** Per page: how far back its zspage begins. */
  #back: Uint8Array = new Uint8Array(0)
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
    const head = this.#free[zspage] as number
    let address: number
    if (head !== 0) {
      address = head - 1
      this.#free[zspage] = this.#word(address)
    } else {
      const nth = this.#touched[zspage] as number
      this.#touched[zspage] = nth + 1
      address = (zspage << this.#pageUnitBits) + nth * (this.#units[place] as number)
      address >>>= 0
    }
    const used = (this.#used[zspage] as number) + 1
    this.#used[zspage] = used
    if (used === this.#objects[place]) this.#unlist(place, zspage)
    return address
  }

  free(address: number): void {
    const page = address >>> this.#pageUnitBits
    const zspage = page - (this.#back[page] as number)
    const place = this.#classOf[zspage] as number
    const objects = this.#objects[place] as number
    const used = (this.#used[zspage] as number) - 1
    this.#used[zspage] = used
    if (used === 0) {
      if (objects > 1) this.#unlist(place, zspage)
      this.#dropZspage(place, zspage)
      return
    }
    this.#setWord(address, this.#free[zspage] as number)
    this.#free[zspage] = address + 1
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
    const slab = this.#slabs.bytes[address >>> slabUnitBits] as Uint8Array
    return new Uint8Array(slab.buffer, (address & slabUnitMask) << unitBits, length)
  }

  /** The class of an object, as a place in `table.classes`. */
  placeOf(address: number): number {
    const page = address >>> this.#pageUnitBits
    return this.#classOf[page - (this.#back[page] as number)] as number
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
        const page = address >>> this.#pageUnitBits
        const zspage = page - (this.#back[page] as number)
        return leaving.has(zspage) ? this.#moveOut(address, this.#classOf[zspage] as number) : address
      })
    }
    this.#slabs.trim()
    return before - this.#usedPages
  }

  #moveOut(address: number, place: number): number {
    const size = (this.#units[place] as number) << unitBits
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
      for (let z = this.#roomy[place] as number; z !== none; z = this.#next[z] as number) roomy.push(z)
      roomy.sort((a, b) => (this.#used[a] as number) - (this.#used[b] as number))
      let room = roomy.reduce((sum, z) => sum + objects - (this.#used[z] as number), 0)
      for (const zspage of roomy) {
        const used = this.#used[zspage] as number
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
    this.#classOf[zspage] = place
    this.#used[zspage] = 0
    this.#touched[zspage] = 0
    this.#free[zspage] = 0
    for (let i = 0; i < pages; i++) this.#back[zspage + i] = i
    this.#usedPages += pages
    this.#list(place, zspage)
    return zspage
  }

  #dropZspage(place: number, zspage: number): void {
    const pages = this.#pages[place] as number
    this.#usedPages -= pages
    this.#slabs.give(zspage, pages)
  }

  /** A zspage that is full or leaving is in no list; its own number as `prev` says so. */
  #list(place: number, zspage: number): void {
    const first = this.#roomy[place] as number
    this.#next[zspage] = first
    this.#prev[zspage] = none
    if (first !== none) this.#prev[first] = zspage
    this.#roomy[place] = zspage
  }

  #unlist(place: number, zspage: number): void {
    const next = this.#next[zspage] as number
    const prev = this.#prev[zspage] as number
    if (prev === zspage) return
    if (prev === none) this.#roomy[place] = next
    else this.#next[prev] = next
    if (next !== none) this.#prev[next] = prev
    this.#prev[zspage] = zspage
  }

  #grow(): void {
    const pages = this.#slabs.count * this.#slabs.pagesPerSlab
    if (pages <= this.#back.length) return
    const length = Math.max(pages, this.#back.length * 2)
    this.#classOf = grown(this.#classOf, length)
    this.#used = grown(this.#used, length)
    this.#touched = grown(this.#touched, length)
    this.#free = grown(this.#free, length)
    this.#next = grown(this.#next, length)
    this.#prev = grown(this.#prev, length)
    this.#back = grown(this.#back, length)
  }

  #word(address: number): number {
    return (this.#slabs.words[address >>> slabUnitBits] as Uint32Array)[(address & slabUnitMask) << 2] as number
  }

  #setWord(address: number, value: number): void {
    ;(this.#slabs.words[address >>> slabUnitBits] as Uint32Array)[(address & slabUnitMask) << 2] = value
  }
}
