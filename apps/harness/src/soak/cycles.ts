/** Devices made and ended, over and over: nothing may be left of them. */
import { type Accelerator, accelerate, accelerator, checkAcceleratorLaws } from '@zcomp/accelerator'
import { deflate } from '@zcomp/backend-deflate'
import { lz4 } from '@zcomp/backend-lz4'
import { zstd } from '@zcomp/backend-zstd'
import { neverWait, type ZcompOps, ZramDevice } from '@zcomp/core'
import type { PageSet } from '../pages/page-set.js'
import type { Output } from '../report/progress.js'
import { chance } from './chance.js'
import { Contents } from './contents.js'
import { collectGarbage, giveBackMemory, sampleMemory, threads } from './memory.js'
import { numbers } from './report.js'
import { sleep } from './station.js'

export interface CyclesOptions {
  readonly cycles: number
  readonly seed: number
  readonly pages: PageSet
  readonly out: Output
}

const diskBytes = 4 * 2 ** 20
const writtenBytes = 512 * 1024
/**
 * Cycles between two collections. How many V8 would let pass changes from time to time, and the C library keeps what the longest stretch of
 * garbage took: some 20 MiB that come by chance, and are nothing of ours.
 */
const cyclesPerCollection = 2
/** Milliseconds between two looks at the memory held at rest, and how many there are. */
const lookMs = 100
const looks = 20
/** What memory may grow by after the first hundred cycles, in MiB. */
const mostGrowth = 10

/** True where memory and handles after all cycles are what they were after the first hundred. */
export async function cycle({ cycles, seed, pages, out }: CyclesOptions): Promise<boolean> {
  const contents = new Contents(pages, chance(seed))
  const pool = accelerator()
  const backends = [
    lz4({ accelerator: pool }),
    ...[deflate(), zstd()].map((ops) => accelerate(ops, { accelerator: pool })),
  ]
  const wrong: string[] = []
  const places = backends.map((ops) => ({
    ops,
    written: new Uint8Array(writtenBytes),
    read: new Uint8Array(writtenBytes),
  }))
  const settled = Math.min(100, Math.ceil(cycles / 2))
  let before: Rest | undefined
  let managed = 0
  const since = performance.now()
  for (let i = 1; i <= cycles; i++) {
    managed += await live(places, pool, contents, wrong)
    if (i % cyclesPerCollection === 0) collectGarbage()
    if (i !== settled && i !== cycles && i % 100 !== 0) continue
    const rest = await atRest()
    out.write(`${i} cycles, ${((performance.now() - since) / 1000).toFixed(0)} s: ${describe(rest)}\n`)
    if (i === settled) before = rest
    else if (i === cycles && before) wrong.push(...compare(before, rest, settled, cycles))
  }
  const { refused: _, ...counts } = pool.stats().counts
  out.write(`accelerator: ${numbers(counts)}; pages by engines ${managed}\n`)
  wrong.push(...checkAcceleratorLaws(pool.stats()))
  if (managed === 0) wrong.push('no engine compressed a page')
  for (const text of wrong.slice(0, 20)) out.write(`VIOLATION ${text}\n`)
  out.write(`violations: ${wrong.length}\nreplay: npx --yes pnpm@10.34.8 soak --cycles ${cycles} --seed ${seed}\n`)
  return wrong.length === 0
}

/** A backend, and memory of the soak's own, which is the same for all devices: garbage of this program's would hide theirs. */
interface Place {
  readonly ops: ZcompOps
  readonly written: Uint8Array
  readonly read: Uint8Array
}

/** Three devices at once, each used and closed. Answers with the pages that engines compressed. */
async function live(places: readonly Place[], pool: Accelerator, contents: Contents, wrong: string[]): Promise<number> {
  const devices = await Promise.all(
    places.map(async ({ ops, ...memory }) => ({
      ...memory,
      device: await ZramDevice.create({ backends: [ops], disksize: diskBytes, managed: { policy: neverWait() } }),
    })),
  )
  if (!(await pool.ready())) wrong.push('engines did not come up')
  const counts = await Promise.all(
    devices.map(async ({ device, written, read }) => {
      contents.fill(written)
      await device.write(0, written)
      if (Buffer.compare(await device.read(0, read), written) !== 0)
        wrong.push(`${device.algorithm}: other bytes came back`)
      wrong.push(...device.brokenLaws())
      const { managed } = device.stats()
      return managed === 'none' ? 0 : managed.compressed
    }),
  )
  await Promise.all(devices.map(({ device }) => device.close()))
  const { health, held, lost } = pool.stats()
  if (health !== 'idle' || held + lost > 0) wrong.push(`the accelerator is left ${health}, ${held} held, ${lost} lost`)
  return counts.reduce((sum, n) => sum + n, 0)
}

interface Rest {
  readonly rssMiB: number
  readonly heapMiB: number
  readonly externalMiB: number
  readonly resources: string
  readonly threads: number | 'unknown'
}

/**
 * What is held when nothing is done: garbage is collected, and V8's helper threads and the operating system have had their time to give
 * memory back, on a busy machine too. The lowest sample counts.
 */
async function atRest(): Promise<Rest> {
  const samples: Rest[] = []
  for (let i = 0; i < looks; i++) {
    giveBackMemory()
    // What native code frees with it, it frees in a turn of its own.
    await sleep(lookMs)
    samples.push({ ...sampleMemory(0), resources: resources(), threads: threads() })
  }
  return samples.sort((a, b) => a.rssMiB - b.rssMiB)[0] as Rest
}

function resources(): string {
  const counts: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo().sort()) counts[name] = (counts[name] ?? 0) + 1
  return numbers(counts)
}

function describe({ rssMiB, heapMiB, externalMiB, resources, threads }: Rest): string {
  return `rss ${rssMiB.toFixed(1)} MiB (heap ${heapMiB.toFixed(1)}, external ${externalMiB.toFixed(1)}); threads ${threads}; active resources: ${resources}`
}

function compare(before: Rest, after: Rest, from: number, to: number): string[] {
  const wrong: string[] = []
  const growth = after.rssMiB - before.rssMiB
  if (growth > mostGrowth) wrong.push(`memory grew by ${growth.toFixed(1)} MiB from cycle ${from} to cycle ${to}`)
  if (before.threads !== after.threads)
    wrong.push(`threads: ${before.threads} after ${from}, ${after.threads} after ${to}`)
  if (before.resources !== after.resources)
    wrong.push(`active resources: ${before.resources} after ${from}, ${after.resources} after ${to}`)
  return wrong
}
