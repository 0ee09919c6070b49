/** The device's accounts: as data, as the kernel prints them, and the laws that hold between them. */
import type { MemoryCounts } from './page-store.js'
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

/** The broken laws, in words; none where all hold. */
export function checkPageLaws(pages: PageCounts, memory: MemoryCounts): string[] {
  const { started, same, compressed, raw, superseded, failed, pending } = pages
  const broken: string[] = []
  const law = (holds: boolean, text: string): void => {
    if (!holds) broken.push(text)
  }
  const ends = same + compressed + raw + superseded + failed + pending
  law(started === ends, `started (${started}) = same + compressed + raw + superseded + failed + pending (${ends})`)
  law(
    memory.samePages <= memory.pagesStored,
    `same_pages (${memory.samePages}) <= pages stored (${memory.pagesStored})`,
  )
  law(
    memory.hugePages <= memory.hugePagesSince,
    `huge_pages (${memory.hugePages}) <= huge_pages_since (${memory.hugePagesSince})`,
  )
  law(memory.hugePagesSince === raw, `huge_pages_since (${memory.hugePagesSince}) = pages stored raw (${raw})`)
  law(
    memory.pagesStored <= same + compressed + raw,
    `pages stored (${memory.pagesStored}) <= pages ever stored (${same + compressed + raw})`,
  )
  return broken
}
