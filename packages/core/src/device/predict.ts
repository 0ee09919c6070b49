/** What the kernel would hold for the same pages. */
import { classIndex, classTable, defaultChain, handleBytes } from './classes.js'

export interface Prediction {
  /** `mem_used_total` of the kernel, in bytes: exact where nothing was freed in between, the least possible otherwise. */
  readonly memUsed: number
  /** `compr_data_size` of the kernel, in bytes. */
  readonly comprDataSize: number
  readonly hugePages: number
}

/**
 * Predicts zsmalloc. `sizes` are the compressed sizes of the stored pages in bytes; 0 stands for a same-filled page, and a size from the
 * huge threshold on for a page stored raw. `chain` is the kernel's `CONFIG_ZSMALLOC_CHAIN_SIZE`.
 */
export function predictKernel(
  sizes: Iterable<number>,
  pageSize: number = 4096,
  chain: number = defaultChain,
): Prediction {
  const table = classTable(pageSize, chain)
  const objects = new Float64Array(table.classes.length)
  let comprDataSize = 0
  let hugePages = 0
  for (const size of sizes) {
    if (size === 0) continue
    const huge = size >= table.hugeSize
    const stored = huge ? pageSize : size
    const place = huge ? table.classes.length - 1 : classIndex(table, size + handleBytes)
    objects[place] = (objects[place] as number) + 1
    comprDataSize += stored
    if (huge) hugePages++
  }
  const memUsed = table.classes.reduce(
    (sum, { pages, objects: per }, i) => sum + Math.ceil((objects[i] as number) / per) * pages * pageSize,
    0,
  )
  return { memUsed, comprDataSize, hugePages }
}
