/** The size classes of the kernel's zsmalloc: which sizes share what kind of zspage. Our pool uses the same geometry. */

export interface SizeClass {
  /** Largest object, in bytes; a multiple of the granule. */
  readonly size: number
  /** Pages in a zspage of this class. */
  readonly pages: number
  /** Objects in a zspage of this class. */
  readonly objects: number
}

export interface ClassTable {
  readonly pageSize: number
  /** Step between nominal classes, in bytes. */
  readonly granule: number
  /** Its base-two logarithm. */
  readonly granuleBits: number
  /** Distinct classes, from small to large. */
  readonly classes: readonly SizeClass[]
  /** For each nominal class, by index, its place in `classes`. */
  readonly byNominal: Uint16Array
  /** Objects of this many bytes and more are stored raw: 3625 for pages of 4 KiB and chains of 8. */
  readonly hugeSize: number
}

/** The smallest object that zsmalloc makes room for, in bytes. */
export const minAlloc = 32
/** What zsmalloc adds to an object for its handle, in bytes. Our pool adds nothing. */
export const handleBytes = 8
/** `CONFIG_ZSMALLOC_CHAIN_SIZE`, as most kernels have it. */
export const defaultChain = 8

const tables = new Map<string, ClassTable>()

/** The classes for a page size (a power of two from 4096 on) and the longest chain of pages, 1 to 16. */
export function classTable(pageSize: number, chain: number = defaultChain): ClassTable {
  const key = `${pageSize}/${chain}`
  let table = tables.get(key)
  if (!table) {
    table = makeTable(pageSize, chain)
    tables.set(key, table)
  }
  return table
}

/** The place in `table.classes` of the class for objects of `bytes`, 1 to a page. */
export function classIndex(table: ClassTable, bytes: number): number {
  return table.byNominal[bytes <= minAlloc ? 0 : (bytes - minAlloc + table.granule - 1) >> table.granuleBits] as number
}

function makeTable(pageSize: number, chain: number): ClassTable {
  const granule = pageSize >> 8
  const count = Math.ceil((pageSize - minAlloc) / granule) + 1
  const byNominal = new Uint16Array(count)
  const fromLarge: SizeClass[] = []
  for (let i = count - 1; i >= 0; i--) {
    const size = Math.min(minAlloc + i * granule, pageSize)
    const pages = pagesFor(size, pageSize, chain)
    const objects = Math.floor((pages * pageSize) / size)
    const larger = fromLarge.at(-1)
    // A class that cuts its zspages as the next larger one does is that class.
    if (larger?.pages !== pages || larger.objects !== objects) fromLarge.push({ size, pages, objects })
    byNominal[i] = fromLarge.length - 1
  }
  const last = fromLarge.length - 1
  for (let i = 0; i < count; i++) byNominal[i] = last - (byNominal[i] as number)
  const classes = fromLarge.reverse()
  return { pageSize, granule, granuleBits: Math.log2(granule), classes, byNominal, hugeSize: hugeSize(classes) }
}

/** The chain that wastes least at its end; the shortest of equals. */
function pagesFor(size: number, pageSize: number, chain: number): number {
  if (Number.isInteger(Math.log2(size))) return 1
  let best = 1
  for (let pages = 2; pages <= chain; pages++) {
    if ((pages * pageSize) % size < (best * pageSize) % size) best = pages
  }
  return best
}

/** Beyond the largest class that still packs several objects into several pages, an object costs a page anyway. */
function hugeSize(classes: readonly SizeClass[]): number {
  const packed = classes.filter(({ pages, objects }) => pages > 1 && objects > 1).at(-1)
  return (packed?.size ?? minAlloc) - (handleBytes - 1)
}
