/** Everything a device counts, as plain data. */
import type { ManagedCounts } from '../managed/counts.js'
import { checkLaws, checkManagedLaws } from '../managed/laws.js'
import type { DeskStats } from '../managed/stat.js'
import type { SoftwareCounts } from '../zcomp/lease.js'
import type { Disk } from './disk.js'
import type { PageCounts } from './page-writer.js'
import { checkMemoryLaws, type IoCounts, type MmStat } from './stats.js'

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
  /** How the device that compresses is doing now: policy, health, streams, averages. */
  readonly desk: Omit<DeskStats, 'counts'> | 'none'
  /** Bytes of the slot table, which `mm` leaves out as the kernel does. */
  readonly slotTableBytes: number
  /** Requests accepted and not ended. */
  readonly requests: number
}

export function deviceStats(disk: Disk | undefined, mm: MmStat, io: IoCounts, algorithm: string): DeviceStats {
  const managed = disk?.zcomp.managed ?? 'none'
  const { counts = 'none', ...desk } = managed === 'none' ? {} : managed.stats()
  return {
    algorithm,
    mm,
    io: { ...io },
    pages: disk ? { ...disk.writer.counts } : noPages,
    software: disk ? { ...disk.zcomp.software } : noSoftware,
    managed: counts,
    desk: managed === 'none' ? 'none' : (desk as Omit<DeskStats, 'counts'>),
    slotTableBytes: disk?.store.slots.bytes ?? 0,
    requests: disk?.pump.unfinished ?? 0,
  }
}

/** Which laws between a device's counters do not hold, in words. */
export function brokenLaws({ zcomp, writer, store }: Disk): string[] {
  const { managed, software } = zcomp
  const { started, ...pages } = writer.counts
  const device = managed === 'none' ? undefined : managed.counts
  const compression = {
    managed: device?.compressed ?? 0,
    software: software.compressed,
    declined: software.declined + (device?.declined ?? 0),
  }
  return [
    ...checkMemoryLaws(writer.counts, store.counts),
    ...checkLaws({ written: started, ...pages }, compression),
    ...(managed === 'none'
      ? []
      : checkManagedLaws(managed.counts, managed.inFlight, managed.held, managed.quarantined)),
  ]
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
