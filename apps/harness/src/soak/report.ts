/** What the soak says, while it runs and at its end. */
import type { ManagedCounts } from '@zcomp/core'
import type { Engines } from './engines.js'
import { grows, type MemorySample, trendOf } from './memory.js'
import type { SoftwareCost } from './software.js'
import type { Station, Tools } from './station.js'
import { addUp } from './sums.js'
import { describeWait } from './waits.js'

export interface Soaked {
  /** When it began. */
  readonly since: number
  readonly software: SoftwareCost
  readonly tools: Tools
  readonly stations: readonly Station[]
  readonly engines: Engines
  readonly violations: readonly string[]
  readonly memory: MemorySample[]
}

/** One line of plain text. */
export function line({ since, tools, stations, engines, violations, memory }: Soaked): string {
  const { waits, injected, pool } = tools
  const counts = addUp(stations.map(({ managed }) => managed))
  const faults = Object.values(injected).reduce((sum, n) => sum + n, 0)
  const { rssMiB = 0, heapMiB = 0, externalMiB = 0 } = memory.at(-1) ?? {}
  return `${[
    clock(performance.now() - since),
    `${waits.requests} requests`,
    `${counts.submitted} pages to engines, ${counts.compressed} taken, ${counts.redone} redone, ${counts.failed} failed`,
    `${faults} faults, ${engines.kills} kills, ${stations.reduce((sum, { devices }) => sum + devices, 0)} devices`,
    `rss ${rssMiB.toFixed(0)} MiB (heap ${heapMiB.toFixed(0)}, external ${externalMiB.toFixed(0)})`,
    `longest wait ${waits.longest ? describeWait(waits.longest) : '-'}`,
    `engines ${pool.stats().engines.map(({ state }) => state)}`,
    `${violations.length} violations`,
  ].join('; ')}\n`
}

/** The end of it, and the command that replays it. Memory is judged here. */
export function summary(soaked: Soaked, seed: number, minutes: number): string {
  const { tools, stations, engines, violations, software } = soaked
  const { waits } = tools
  const total = addUp(stations.map(({ past }) => past))
  const { refused, why } = { refused: numbers(tools.pool.stats().counts.refused), why: memoryLine(soaked) }
  const { refused: _, ...pool } = tools.pool.stats().counts
  return `\n${[
    `seed ${seed}, ${clock(performance.now() - soaked.since)}`,
    `requests: ${waits.requests}; ${numbers(tools.tally)}`,
    `faults injected at requests: ${numbers(tools.injected)}`,
    `besides: ${engines.kills} workers killed, ${stations.reduce((sum, { devices }) => sum + devices - 1, 0)} devices closed under load; by hand ${numbers(byHand(stations, tools))}`,
    ...stations.map(({ place, past }) => `${place.name}: ${past ? paths(past) : 'no managed streams'}`),
    `all devices: ${paths(total)}`,
    `accelerator: ${numbers(pool)}; refused ${refused}`,
    `waits: median ${waits.quantile(0.5).toFixed(2)} ms, 99% ${waits.quantile(0.99).toFixed(1)} ms, 99.9% ${waits.quantile(0.999).toFixed(1)} ms`,
    `longest wait: ${waits.longest ? describeWait(waits.longest) : '-'}`,
    `closest to what it may take (deadline + ${software.pageMs.toFixed(3)} ms a pending page + 100 ms): ${waits.tightest ? describeWait(waits.tightest) : '-'}; ${waits.exceeded} exceeded it; ${waits.slow} took longer than that with the pages pending when they came alone`,
    `time in which the main thread was due and kept from running, or had the soak's own work: ${(waits.excusedMs / 1000).toFixed(1)} s; longest close ${waits.longestCloseMs.toFixed(0)} ms`,
    why,
    `violations: ${violations.length}`,
    `replay: npx --yes pnpm@10.34.8 soak --minutes ${minutes} --seed ${seed}`,
  ].join('\n')}\n`
}

function memoryLine({ memory, tools }: Soaked): string {
  const trend = trendOf(memory)
  if (!trend)
    return `memory: ${memory.at(-1)?.rssMiB.toFixed(0) ?? '?'} MiB at the end; too short to say whether it is flat`
  const { firstMiB, lastMiB, highestMiB, slope, samples } = trend
  const text = `memory after the first third, ${samples} samples: ${firstMiB.toFixed(1)} MiB in the first quarter, ${lastMiB.toFixed(1)} in the last, ${highestMiB.toFixed(1)} at most, slope ${slope.toFixed(3)} MiB a minute`
  if (grows(trend)) tools.violation(text)
  return text
}

function byHand(stations: readonly Station[], { injected }: Tools): Record<string, number> {
  const all = (kind: 'die' | 'reset'): number => stations.reduce((sum, { control }) => sum + control.injected[kind], 0)
  return { removals: all('die') - injected.die, resets: all('reset') - injected.reset }
}

/** By which way pages went, and why. */
export function paths(counts: ManagedCounts): string {
  const { refused, invalid, breaker, ...own } = counts
  return `${numbers(own)}; not sent: ${numbers(refused)}; invalid: ${numbers({ ...invalid })}; breaker: ${numbers({ ...breaker })}`
}

export function numbers(of: Readonly<Record<string, number>>): string {
  const some = Object.entries(of).filter(([, n]) => n > 0)
  return some.length === 0 ? 'none' : some.map(([name, n]) => `${name} ${n}`).join(', ')
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
