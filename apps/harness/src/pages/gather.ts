/** The default pages: a mix like a machine's memory, gathered on the machine that the harness runs on. */
import { seededRandom } from '@zcomp/core'
import { pagesOfFile, pagesOfFolder } from './files.js'
import { randomPage, sameFilledPage, zeroPage } from './made.js'
import { pagesOfProcess } from './memory.js'
import { granule, type PageSet, pageSet } from './page-set.js'

/** Shares of a hundred. Zero and same-filled pages are as frequent as field studies of swapped memory found them. */
const shares = { zero: 14, same: 3, random: 5, executable: 12, files: 18 }

/** `count` pages in short runs, shuffled. The same machine gives other pages each time: process memory is never twice the same. */
export async function gather(root: string, count: number, seed: number): Promise<PageSet> {
  const random = seededRandom(seed)
  const part = (percent: number): number => Math.floor((count * percent) / 100)
  const runs: Uint8Array[][] = [
    ...cut(Array.from({ length: part(shares.zero) }, zeroPage), random),
    ...cut(
      Array.from({ length: part(shares.same) }, () => sameFilledPage(random)),
      random,
    ),
    ...cut(
      Array.from({ length: part(shares.random) }, () => randomPage(random)),
      random,
    ),
  ]
  const files = pagesOfFolder(root, part(shares.files))
  const missing = count - runs.flat().length - files.length - part(shares.executable)
  const memory = await pagesOfProcess(missing).catch((): Uint8Array[] => [])
  const executable = pagesOfFile(process.execPath, part(shares.executable) + missing - memory.length)
  runs.push(...cut(files, random), ...cut(memory, random), ...cut(executable, random))
  shuffle(runs, random)
  const words = [
    `${memory.length} of a Node process's memory`,
    `${files.length} of files of the checkout`,
    `${executable.length} of the Node executable`,
    `${part(shares.zero)} zero, ${part(shares.same)} same-filled, ${part(shares.random)} random`,
  ]
  return pageSet(join(runs.flat()), words.join(', '))
}

function cut(pages: readonly Uint8Array[], random: () => number): Uint8Array[][] {
  const runs: Uint8Array[][] = []
  for (let at = 0; at < pages.length; ) {
    const length = 1 + Math.floor(random() * 32)
    runs.push(pages.slice(at, at + length))
    at += length
  }
  return runs
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const kept = items[i] as T
    items[i] = items[j] as T
    items[j] = kept
  }
}

function join(pages: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pages.length * granule)
  pages.forEach((page, i) => {
    bytes.set(page, i * granule)
  })
  return bytes
}
