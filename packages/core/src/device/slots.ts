/** The slot table: sixteen bytes a page, in leaves of 64 KiB that exist only where something was written. */

/** Bits of a slot's flags word. Below them lies the stored size in bytes, up to a page of 64 KiB. */
export const SlotFlag = {
  sizeMask: 0x1ffff,
  /** The page is one 8-byte word over and over; the slot holds the word. */
  same: 0x20000,
  /** Stored raw. */
  huge: 0x40000,
  /** Not touched since it was marked. */
  idle: 0x80000,
  /** In use. A slot without it reads as zeros. */
  allocated: 0x100000,
} as const

const slotsPerLeafBits = 12
const slotsPerLeaf: number = 1 << slotsPerLeafBits
const leavesPerBranch = 1024
const wordsPerSlot = 4

/** Words of a slot in its leaf. */
export const SlotWord = {
  /** The object's address in the pool, or the low half of a same-filled page's word. */
  address: 0,
  /** The checksum of the stored bytes, or the high half of a same-filled page's word. */
  sum: 1,
  /** Size and flags. */
  flags: 2,
  /** Seconds since the device was made at the last access. */
  accessed: 3,
} as const

interface Leaf {
  readonly words: Uint32Array
  allocated: number
}

type Branch = (Leaf | undefined)[]

/** Slots are found by page number. `at` of a slot is its first word in `words` of its leaf. */
export class SlotTable {
  readonly #branches = new Map<number, Branch>()
  #leaves = 0
  #lastBranch: Branch | undefined
  #lastBranchNumber = -1
  /** The leaf found last: the next page is mostly there too. */
  #lastLeaf: Leaf | undefined
  #lastLeafNumber = -1

  /** Bytes that the table takes. */
  get bytes(): number {
    return this.#leaves * slotsPerLeaf * wordsPerSlot * 4
  }

  /** The words of the leaf with the slot, or undefined where nothing near it is stored. */
  find(page: number): Uint32Array | undefined {
    return this.#leaf(page)?.words
  }

  /** The same, made if need be. */
  need(page: number): Uint32Array {
    return (this.#leaf(page) ?? this.#newLeaf(page)).words
  }

  /** Where the slot begins in its leaf. */
  at(page: number): number {
    return (page % slotsPerLeaf) * wordsPerSlot
  }

  /** A slot of the leaf came into use. */
  took(page: number): void {
    const leaf = this.#leaf(page)
    if (leaf) leaf.allocated++
  }

  /** A slot of the leaf went out of use. The last takes the leaf with it. */
  gave(page: number): void {
    const leaf = this.#leaf(page)
    if (!leaf || --leaf.allocated > 0) return
    const number = Math.floor(page / slotsPerLeaf)
    const branch = this.#branch(Math.floor(number / leavesPerBranch))
    if (branch) branch[number % leavesPerBranch] = undefined
    this.#lastLeaf = undefined
    this.#lastLeafNumber = -1
    this.#leaves--
  }

  /** The first page from `page` on whose leaf exists, or `end`. Skips what was never written in large steps. */
  nextPossible(page: number, end: number): number {
    let at = page
    while (at < end) {
      const number = Math.floor(at / slotsPerLeaf)
      const branchNumber = Math.floor(number / leavesPerBranch)
      const branch = this.#branch(branchNumber)
      if (!branch) at = this.#nextBranch(branchNumber) * leavesPerBranch * slotsPerLeaf
      else if (branch[number % leavesPerBranch]) return at
      else at = (number + 1) * slotsPerLeaf
    }
    return end
  }

  /** Calls `each` for every slot in use, with its page, the words of its leaf and its place in them. */
  forEach(each: (page: number, words: Uint32Array, at: number) => void): void {
    for (const [branchNumber, branch] of this.#branches) {
      branch.forEach((leaf, i) => {
        if (!leaf) return
        const first = (branchNumber * leavesPerBranch + i) * slotsPerLeaf
        for (let s = 0; s < slotsPerLeaf; s++) {
          const at = s * wordsPerSlot
          if ((leaf.words[at + SlotWord.flags] as number) & SlotFlag.allocated) each(first + s, leaf.words, at)
        }
      })
    }
  }

  #leaf(page: number): Leaf | undefined {
    const number = Math.floor(page / slotsPerLeaf)
    if (number === this.#lastLeafNumber) return this.#lastLeaf
    const leaf = this.#branch(Math.floor(number / leavesPerBranch))?.[number % leavesPerBranch]
    if (leaf) {
      this.#lastLeaf = leaf
      this.#lastLeafNumber = number
    }
    return leaf
  }

  #branch(number: number): Branch | undefined {
    if (number === this.#lastBranchNumber) return this.#lastBranch
    const branch = this.#branches.get(number)
    if (branch) {
      this.#lastBranch = branch
      this.#lastBranchNumber = number
    }
    return branch
  }

  #newLeaf(page: number): Leaf {
    const number = Math.floor(page / slotsPerLeaf)
    const branchNumber = Math.floor(number / leavesPerBranch)
    let branch = this.#branch(branchNumber)
    if (!branch) {
      branch = new Array<Leaf | undefined>(leavesPerBranch).fill(undefined)
      this.#branches.set(branchNumber, branch)
    }
    const leaf: Leaf = { words: new Uint32Array(slotsPerLeaf * wordsPerSlot), allocated: 0 }
    branch[number % leavesPerBranch] = leaf
    this.#leaves++
    return leaf
  }

  #nextBranch(after: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const number of this.#branches.keys()) if (number > after && number < next) next = number
    return next
  }
}
