/** Everything a device counts, as plain data. */
import type { ManagedCounts } from '../managed/counts.js'
import type { SoftwareCounts } from '../zcomp/lease.js'
import type { Disk } from './disk.js'
import type { PageCounts } from './page-writer.js'
import type { IoCounts, MmStat } from './stats.js'

export interface DeviceStats {
  readonly algorithm: string
  /** What `mm_stat` shows, bytes and pages. */
  readonly mm: MmStat
  readonly io: IoCounts
  /** What became of page writes. */
  readonly pages: PageCounts
  /** What became of compressions in software; apart from `pages`, since a page may compress and still find no memory. */
  readonly software: SoftwareCounts
  /** What became of compressions on a device. `'none'`: the backend has none. */
  readonly managed: ManagedCounts | 'none'
  /** Bytes of the slot table, which `mm` leaves out as the kernel does. */
  readonly slotTableBytes: number
  /** Requests accepted and not ended. */
  readonly requests: number
}

export function deviceStats(disk: Disk | undefined, mm: MmStat, io: IoCounts, algorithm: string): DeviceStats {
  const managed = disk?.zcomp.managed ?? 'none'
  return {
    algorithm,
    mm,
    io: { ...io },
    pages: disk ? { ...disk.writer.counts } : noPages,
    software: disk ? { ...disk.zcomp.software } : noSoftware,
    managed: managed === 'none' ? 'none' : { ...managed.counts, refused: { ...managed.counts.refused } },
    slotTableBytes: disk?.store.slots.bytes ?? 0,
    requests: disk?.pump.unfinished ?? 0,
  }
}

const noPages: PageCounts = { started: 0, same: 0, compressed: 0, raw: 0, superseded: 0, failed: 0, pending: 0 }
const noSoftware: SoftwareCounts = {
  compressed: 0,
  declined: 0,
  fault: 0,
  decompressed: 0,
  corrupt: 0,
  decompressFault: 0,
}
