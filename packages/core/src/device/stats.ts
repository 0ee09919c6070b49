/** The device's accounts: as data, as the kernel prints them, and the laws that hold between them. */
import { type MemoryCounts, noMemoryCounts, type PageStore } from './page-store.js'
import type { PageCounts } from './page-writer.js'

/** What `io_stat` and `debug_stat` count, and requests. */
export interface IoCounts {
  failedReads: number
  failedWrites: number
  /** Pages named by discards, in use or not. */
  notifyFree: number
  /** Swap slots that could not be freed at once. Never, here: nobody holds a slot while others run. */
  missFree: number
}

export function noIoCounts(): IoCounts {
  return { failedReads: 0, failedWrites: 0, notifyFree: 0, missFree: 0 }
}

export interface MmStat extends MemoryCounts {
  /** Bytes of the pages in use, uncompressed. */
  readonly origDataSize: number
  /** Bytes held for them, slot table apart. */
  readonly memUsedTotal: number
  /** 0: none. */
  readonly memLimit: number
}

/** All zeros but for the limit where there is no store. */
export function mmStat(store: PageStore | undefined, { pageSize, memLimit }: Limits): MmStat {
  const counts = store?.counts ?? noMemoryCounts()
  return {
    ...counts,
    origDataSize: counts.pagesStored * pageSize,
    memUsedTotal: store?.heldBytes ?? 0,
    memLimit,
  }
}

interface Limits {
  readonly pageSize: number
  readonly memLimit: number
}

/** `mm_stat`: nine columns of eight. */
export function mmStatText(mm: MmStat): string {
  return line([
    mm.origDataSize,
    mm.comprDataSize,
    mm.memUsedTotal,
    mm.memLimit,
    mm.maxUsed,
    mm.samePages,
    mm.pagesCompacted,
    mm.hugePages,
    mm.hugePagesSince,
  ])
}

/** `io_stat`: failed reads, failed writes, a 0 that once counted invalid requests, pages named by discards. */
export function ioStatText(io: IoCounts): string {
  return `${pad(io.failedReads)} ${pad(io.failedWrites)} 0 ${pad(io.notifyFree)}\n`
}

/** `debug_stat`, version 1. */
export function debugStatText(io: IoCounts): string {
  return `version: 1\n${pad(0)} ${pad(io.missFree)}\n`
}

const pad = (n: number): string => String(n).padStart(8)
const line = (columns: readonly number[]): string => `${columns.map(pad).join(' ')}\n`

/** The broken laws between the memory's accounts and what became of page writes, in words; none where all hold. */
export function checkMemoryLaws(pages: PageCounts, memory: MemoryCounts): string[] {
  const { same, compressed, raw } = pages
  const { samePages, pagesStored, hugePages, hugePagesSince } = memory
  const laws: [boolean, string][] = [
    [samePages <= pagesStored, `same_pages (${samePages}) <= pages stored (${pagesStored})`],
    [hugePages <= hugePagesSince, `huge_pages (${hugePages}) <= huge_pages_since (${hugePagesSince})`],
    [hugePagesSince === raw, `huge_pages_since (${hugePagesSince}) = pages stored raw (${raw})`],
    [
      pagesStored <= same + compressed + raw,
      `pages stored (${pagesStored}) <= ever stored (${same + compressed + raw})`,
    ],
  ]
  return laws.filter(([holds]) => !holds).map(([, text]) => `${text} does not hold`)
}
