/** An engine's worker is killed in the middle of a large write. */
import { type Accelerator, accelerate, checkAcceleratorLaws } from '@zcomp/accelerator'
import { lz4 } from '@zcomp/backend-lz4'
import { zstd } from '@zcomp/backend-zstd'
import {
  assist,
  type DeviceStats,
  type ManagedCounts,
  type ManagedPolicy,
  neverWait,
  type ZcompOps,
  ZramDevice,
} from '@zcomp/core'
import type { PageSet } from '../pages/page-set.js'
import type { Output } from '../report/progress.js'
import { chance } from './chance.js'
import { Contents } from './contents.js'
import { type Engines, engines } from './engines.js'
import { paths } from './report.js'
import { sleep } from './station.js'

export interface KillOptions {
  readonly mib: number
  readonly seed: number
  readonly pages: PageSet
  readonly out: Output
}

interface Case {
  readonly name: string
  readonly ops: (accelerator: Accelerator) => ZcompOps
  readonly policy: ManagedPolicy
  readonly engines: number
  /** Pages that engines must compress after the death. */
  readonly back: number
}

const cases: readonly Case[] = [
  { name: 'lz4, never-wait', ops: (accelerator) => lz4({ accelerator }), policy: neverWait(), engines: 1, back: 64 },
  { name: 'lz4, two engines', ops: (accelerator) => lz4({ accelerator }), policy: neverWait(), engines: 2, back: 2000 },
  {
    name: 'lz4, assisting',
    ops: (accelerator) => lz4({ accelerator }),
    policy: assist(),
    engines: 1,
    back: 64,
  },
  {
    name: 'zstd',
    ops: (accelerator) => accelerate(zstd(), { accelerator }),
    policy: neverWait(),
    engines: 1,
    back: 64,
  },
]

/** True where every page is right, the device goes on, and the counters say what happened. */
export async function killInMidWrite({ mib, seed, pages, out }: KillOptions): Promise<boolean> {
  const wrong: string[] = []
  for (const each of cases) {
    const found = await play(each, mib, seed, pages, out)
    wrong.push(...found.map((text) => `${each.name}: ${text}`))
  }
  for (const text of wrong) out.write(`VIOLATION ${text}\n`)
  out.write(`violations: ${wrong.length}\nreplay: npx --yes pnpm@10.34.8 soak --kill --mib ${mib} --seed ${seed}\n`)
  return wrong.length === 0
}

async function play(each: Case, mib: number, seed: number, pages: PageSet, out: Output): Promise<string[]> {
  const workers = engines({ engines: each.engines })
  const contents = new Contents(pages, chance(seed))
  const bytes = contents.fill(new Uint8Array(mib * 2 ** 20))
  const device = await ZramDevice.create({
    backends: [each.ops(workers.pool)],
    disksize: bytes.length,
    managed: { policy: each.policy },
  })
  await workers.pool.ready()
  const [ms, at] = await Promise.all([timed(device.write(0, bytes)), killAtHalf(device, workers, bytes.length)])
  const { counts, engines: states } = workers.pool.stats()
  const { managed } = device.stats()
  const died = managed === 'none' ? undefined : managed
  out.write(
    `${each.name}: ${mib} MiB in ${ms.toFixed(0)} ms, a worker killed ${at}\n  device: ${died ? paths(died) : 'none'}\n  accelerator: orphaned ${counts.orphaned}, deaths ${counts.deaths}; engines ${states.map(({ state, why }) => `${state} (${why})`).join(', ')}\n`,
  )
  const wrong = [...(await differs(device, bytes)), ...reasons(died, workers), ...device.brokenLaws()]
  wrong.push(...(await goesOn(device, each.back, workers, contents, out)))
  await device.close()
  const { pool } = workers
  wrong.push(...checkAcceleratorLaws(pool.stats()))
  if (pool.stats().health !== 'idle') wrong.push(`the accelerator is left ${pool.stats().health}`)
  return wrong
}

async function timed(done: Promise<unknown>): Promise<number> {
  const since = performance.now()
  await done
  return performance.now() - since
}

/** Waits until half of it is started and an engine has work. Answers with when that was, in words. */
async function killAtHalf(device: ZramDevice, { pool, kill }: Engines, bytes: number): Promise<string> {
  const half = bytes / device.pageSize / 2
  for (;;) {
    const { started } = device.stats().pages
    const { inFlight } = pool.stats()
    if (started >= bytes / device.pageSize) return 'too late: the write was over'
    if (started >= half && inFlight > 0) {
      kill((all) => all[0]!)
      return `after ${started} of ${bytes / device.pageSize} pages, with ${inFlight} in flight`
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function differs(device: ZramDevice, bytes: Uint8Array): Promise<string[]> {
  const step = 2 ** 20
  for (let at = 0; at < bytes.length; at += step) {
    const expected = bytes.subarray(at, at + step)
    const got = await device.read(at, expected.length)
    if (Buffer.compare(got, expected) !== 0)
      return [`the bytes from ${at} to ${at + expected.length} are not those written`]
  }
  return []
}

/** What the counters have to say about it. */
function reasons(managed: ManagedCounts | undefined, { pool, kills }: Engines): string[] {
  const { counts, engines: states } = pool.stats()
  const wrong: string[] = []
  const law = (ok: boolean, text: string): void => {
    if (!ok) wrong.push(text)
  }
  law(kills === 1 && counts.deaths === 1, `workers killed: ${kills}, deaths counted: ${counts.deaths}`)
  law(
    states.some(({ why }) => why !== ''),
    'no engine says why it ended',
  )
  law(counts.orphaned > 0, 'no request was in flight when the worker died')
  if (!managed) return [...wrong, 'the backend has no managed streams']
  law(
    managed.fault === counts.orphaned + counts.cancelled,
    `faults ${managed.fault}, orphaned ${counts.orphaned} and cancelled ${counts.cancelled}`,
  )
  const lost = managed.fault + managed.deadline
  law(managed.redone === lost, `redone ${managed.redone} of ${lost} pages that the device lost`)
  law(managed.failed === 0, `failed pages: ${managed.failed}`)
  return wrong
}

/** Engines come back by themselves, and serve; what is written meanwhile is right at once. */
async function goesOn(
  device: ZramDevice,
  wanted: number,
  { pool }: Engines,
  contents: Contents,
  out: Output,
): Promise<string[]> {
  const compressed = (): number => compressedBy(device.stats())
  const before = compressed()
  const since = performance.now()
  let ms = 0
  do {
    const bytes = contents.fill(new Uint8Array(4 * 2 ** 20))
    await device.write(0, bytes)
    const got = await device.read(0, bytes.length)
    if (Buffer.compare(got, bytes) !== 0) return ['what was written after the death is not what is read']
    await sleep(5)
    ms = performance.now() - since
  } while (ms < 30_000 && compressed() < before + wanted)
  const { health, counts } = pool.stats()
  const more = compressed() - before
  out.write(
    `  goes on: ${more} more pages by engines in ${ms.toFixed(0)} ms; ${counts.starts} starts, the accelerator is ${health}\n`,
  )
  return more >= wanted
    ? []
    : [`after the death the accelerator is ${health}, and its engines compressed ${more} pages`]
}

function compressedBy({ managed }: DeviceStats): number {
  return managed === 'none' ? 0 : managed.compressed
}
