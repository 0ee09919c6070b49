/** Hours of random faults: four devices, one accelerator, real workers. */
import { checkAcceleratorLaws } from '@zcomp/accelerator'
import type { PageSet } from '../pages/page-set.js'
import type { Output } from '../report/progress.js'
import { catchStrays } from '../strays.js'
import { chance } from './chance.js'
import { Contents } from './contents.js'
import { engines } from './engines.js'
import { noFaults } from './faults.js'
import { noRequests } from './load.js'
import { LostWakeUps } from './lost-wake-ups.js'
import { giveBackMemory, type MemorySample, sampleMemory } from './memory.js'
import { places } from './places.js'
import { line, type Soaked, summary } from './report.js'
import { SoftwareCost } from './software.js'
import { Station, sleep, type Tools } from './station.js'
import { Waits } from './waits.js'

export interface SoakOptions {
  readonly minutes: number
  readonly seed: number
  readonly pages: PageSet
  readonly out: Output
  /** Between two lines, in milliseconds. Default 30,000. */
  readonly lineMs?: number
}

const diskBytes = 8 * 2 ** 20
/** Requests that each device has out at most. */
const loadsPerDevice = 6

/** What V8 collects it frees in threads of its own, a little later. */
const settleMs = 50

/** True where nothing went wrong. */
export async function soak(options: SoakOptions): Promise<boolean> {
  const { minutes, seed, pages, out } = options
  const random = chance(seed)
  const software = await SoftwareCost.open(pages)
  // Killed engines are to come back every time: their lives are too short for the usual number of chances.
  const device = engines({ engines: 2, restarts: 1000 })
  const violations: string[] = []
  const tools: Tools = {
    chance: random,
    contents: new Contents(pages, random),
    waits: new Waits(software),
    tally: noRequests(),
    injected: noFaults(),
    pool: device.pool,
    diskBytes,
    violation(what) {
      violations.push(what)
      if (violations.length <= 50) out.write(`VIOLATION ${what}\n`)
    },
  }
  const stations = places.map((place) => new Station(place, tools))
  await Promise.all(stations.map((station) => station.open()))
  const memory: MemorySample[] = []
  const since = performance.now()
  const soaked: Soaked = { since, software, tools, stations, engines: device, violations, memory }
  out.write(`soak of ${minutes} minutes, seed ${seed}; a page in software takes ${software.pageMs.toFixed(3)} ms\n`)
  const loads = stations.map((station) => Promise.all(Array.from({ length: loadsPerDevice }, () => station.load())))
  const end = since + minutes * 60_000
  await Promise.all([watch(soaked, end, out, options.lineMs ?? 30_000), disturb(soaked, end)])
  await Promise.all(stations.map((station, i) => station.end(loads[i] as Promise<unknown>)))
  await software.close()
  atRest(soaked)
  tools.waits.stop()
  out.write(summary(soaked, seed, minutes))
  return violations.length === 0
}

/** Looks at the laws every second, and at memory with each line. */
async function watch(soaked: Soaked, end: number, out: Output, lineMs: number): Promise<void> {
  const { since, software, tools, memory } = soaked
  using strays = catchStrays()
  const lostWakeUps = new LostWakeUps()
  let nextLine = since + lineMs
  while (performance.now() < end) {
    await sleep(Math.min(1000, lineMs, Math.max(1, end - performance.now())))
    for (const broken of laws(soaked)) tools.violation(broken)
    const lost = lostWakeUps.take(tools.pool.stats().engines)
    if (lost > 0) tools.violation(`${lost} times an engine slept on with work at hand`)
    for (const stray of strays.take()) tools.violation(`a rejection that nobody waits for: ${stray}`)
    if (performance.now() < nextLine) continue
    nextLine += lineMs
    tools.waits.excuse(() => {
      software.measure()
      giveBackMemory()
    })
    await sleep(settleMs)
    memory.push(sampleMemory((performance.now() - since) / 60_000))
    out.write(line(soaked))
  }
}

function laws({ tools, stations }: Soaked): string[] {
  const ofDevices = stations.flatMap(({ place, brokenLaws }) => brokenLaws.map((law) => `${place.name}: ${law}`))
  return [...ofDevices, ...checkAcceleratorLaws(tools.pool.stats())]
}

/** What no single request can do: engines die, devices vanish, are reset, are closed under load. */
async function disturb({ tools, stations, engines }: Soaked, end: number): Promise<void> {
  const { chance } = tools
  const deeds: readonly (() => unknown)[] = [
    () => engines.kill(chance.pick),
    () => engines.kill(chance.pick),
    () => chance.pick(stations).control.die(chance.between(10, 2000)),
    () => chance.pick(stations).control.reset(chance.pick(['lose', 'complete']), chance.between(1, 300)),
    () => chance.pick(stations).replace(),
  ]
  while (performance.now() < end) {
    await sleep(Math.min(chance.between(500, 7000), Math.max(1, end - performance.now())))
    await chance.pick(deeds)()
  }
}

/** Everything is closed: nothing may be left. */
function atRest({ tools }: Soaked): void {
  const { health, held, lost, waiting, inFlight, counts } = tools.pool.stats()
  for (const broken of checkAcceleratorLaws(tools.pool.stats())) tools.violation(broken)
  if (health !== 'idle' || held + lost + waiting + inFlight > 0)
    tools.violation(
      `the accelerator is left ${health}, with ${held} held, ${lost} lost, ${waiting} waiting, ${inFlight} in flight`,
    )
  if (counts.begun !== counts.ended)
    tools.violation(`the accelerator began ${counts.begun} times and ended ${counts.ended}`)
  if (tools.waits.out > 0) tools.violation(`${tools.waits.out} pages of requests never had an answer`)
}
