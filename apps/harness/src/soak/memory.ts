/** Whether memory stays where it is. */
import { readdirSync } from 'node:fs'
import { queryObjects, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MiB = 2 ** 20

let gc: unknown

/** Collects garbage now, so that what is left is what is held. */
export function collectGarbage(): void {
  if (gc === undefined) {
    setFlagsFromString('--expose-gc')
    gc = runInNewContext('gc')
  }
  if (typeof gc === 'function') gc()
}

class Nobody {}

/**
 * Collects as often as it takes, and has V8 give back what that empties. `gc()` leaves the young generation its up to 32 MiB, empty as they
 * may be; V8 lets go of them when it thinks that nothing happens, or before it looks for objects, as here.
 */
export function giveBackMemory(): void {
  queryObjects(Nobody, { format: 'count' })
}

/** Threads of this process, where that can be known: a worker that nobody waits for is no active resource. */
export function threads(): number | 'unknown' {
  try {
    return readdirSync('/proc/self/task').length
  } catch {
    return 'unknown'
  }
}

export interface MemorySample {
  /** Since the start, in minutes. */
  readonly minute: number
  readonly rssMiB: number
  readonly heapMiB: number
  /** Buffers, shared memory, WebAssembly. */
  readonly externalMiB: number
}

export function sampleMemory(minute: number): MemorySample {
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
  return { minute, rssMiB: rss / MiB, heapMiB: heapUsed / MiB, externalMiB: Math.max(external, arrayBuffers) / MiB }
}

export interface Trend {
  readonly samples: number
  readonly firstMiB: number
  readonly lastMiB: number
  readonly highestMiB: number
  /** MiB a minute, by least squares. */
  readonly slope: number
}

/** Caches fill, code is compiled and the allocator's arenas grow for so many minutes; with other work on the machine for longer than without. */
const settlingMinutes = 5

/** After the first third. Undefined where that is not long enough for memory to settle, or too few samples are left to say anything. */
export function trendOf(all: readonly MemorySample[]): Trend | undefined {
  const last = all.at(-1)?.minute ?? 0
  const samples = all.filter(({ minute }) => minute >= last / 3)
  if (last / 3 < settlingMinutes || samples.length < 4) return undefined
  const mean = (of: (sample: MemorySample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const x = mean(({ minute }) => minute)
  const y = mean(({ rssMiB }) => rssMiB)
  const xy = mean(({ minute, rssMiB }) => (minute - x) * (rssMiB - y))
  const xx = mean(({ minute }) => (minute - x) ** 2)
  const quarter = Math.ceil(samples.length / 4)
  return {
    samples: samples.length,
    firstMiB: median(samples.slice(0, quarter)),
    lastMiB: median(samples.slice(-quarter)),
    highestMiB: Math.max(...samples.map(({ rssMiB }) => rssMiB)),
    slope: xx === 0 ? 0 : xy / xx,
  }
}

function median(samples: readonly MemorySample[]): number {
  const sorted = samples.map(({ rssMiB }) => rssMiB).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}

/** The allocator's noise is some MiB: more than a sixteenth above the first quarter, and more than 24 MiB, is growth. */
export function grows({ firstMiB, lastMiB }: Trend): boolean {
  return lastMiB - firstMiB > Math.max(24, firstMiB / 16)
}
