/** What devices counted while a scenario ran, for a person who wants to know more than that it held. Never bytes of a page. */
import type { ManagedCounts, TraceEntry, ZramDevice } from '@zcomp/core'

/** Pages by the way that they went, such as `managed compressed` or `software exhausted`. */
type Paths = Readonly<Record<string, number>>

export interface Evidence {
  readonly paths: Paths
  /** Counters that are not 0, by name. */
  readonly counters: Readonly<Record<string, number>>
}

/** How a request may end that software then redoes. */
const redone: ReadonlySet<string> = new Set(['fault', 'status', 'length', 'verify', 'deadline', 'forced'])

/** Microseconds of traced pages, by path. */
export type Latencies = Map<string, number[]>

/** Most samples kept of one path. */
const mostSamples = 50_000

export function evidenceOf(devices: readonly ZramDevice[]): Evidence {
  const paths: Record<string, number> = {}
  const counters: Record<string, number> = {}
  for (const device of devices) {
    const { pages, software, managed, io } = device.stats()
    addAll(counters, 'pages', pages)
    addAll(counters, 'software', software)
    addAll(counters, 'io', io)
    if (managed === 'none') add(paths, 'software no device', software.compressed + software.declined)
    else {
      addAll(counters, 'managed', managed)
      addAll(paths, '', pathsOf(managed))
    }
  }
  return { paths, counters }
}

/** Every page once: as it was answered, or by the reason why the main thread compressed it. */
function pathsOf({ compressed, declined, fault, invalid, deadline, forced, refused }: ManagedCounts): Paths {
  return {
    'managed compressed': compressed,
    'managed declined': declined,
    'redone fault': fault,
    'redone status': invalid.status,
    'redone length': invalid.length,
    'redone verify': invalid.verify,
    'redone deadline': deadline,
    'redone forced': forced,
    ...Object.fromEntries(Object.entries(refused).map(([reason, count]) => [`software ${reason}`, count])),
  }
}

export function noteLatencies(into: Latencies, entries: readonly TraceEntry[]): void {
  for (const { via, reason, us } of entries) {
    const path = `${redone.has(reason) ? 'redone' : via} ${reason}`
    const samples = into.get(path) ?? []
    if (samples.length === 0) into.set(path, samples)
    if (samples.length < mostSamples) samples.push(us)
  }
}

function addAll(into: Record<string, number>, prefix: string, numbers: object): void {
  for (const [name, value] of Object.entries(numbers)) {
    const key = prefix === '' ? name : `${prefix}.${name}`
    if (typeof value === 'number') add(into, key, value)
    else if (typeof value === 'object' && value !== null) addAll(into, key, value)
  }
}

function add(into: Record<string, number>, key: string, value: number): void {
  if (value !== 0) into[key] = (into[key] ?? 0) + value
}
