/** Every backend, every claim. */
import { seededRandom, type ZcompOps, ZramDevice, type ZramDeviceOptions } from '@zcomp/core'
import type { Subject } from './backends.js'
import { Broken, mustEqual } from './broken.js'
import { runKit } from './kit.js'
import { type PageSet, sample } from './pages/page-set.js'
import type { Row } from './row.js'
import type { OpenOptions, Scenario, Setting, Verdict } from './scenario.js'
import { catchStrays, type Strays } from './strays.js'

export interface Run {
  readonly subjects: readonly Subject[]
  /** Cases of the kit, by their names here. */
  readonly kit: readonly string[]
  readonly scenarios: readonly Scenario[]
  readonly pages: PageSet
  readonly seed: number
  /** Options that choose the same pages, for the command that replays a row. */
  readonly replayPages: string
  /** Makes a device. Tests give devices that are broken on purpose. */
  readonly create?: (options: ZramDeviceOptions) => Promise<ZramDevice>
  /** A scenario that has not ended by then counts as broken, in milliseconds. */
  readonly limitMs: number
}

/** Rows in the order in which they come about. */
export async function* runAll(run: Run): AsyncGenerator<Row> {
  const { subjects, seed, kit } = run
  using strays = catchStrays()
  for (const subject of subjects) {
    const replay = (id: string): string => replayCommand(run, subject, id)
    yield* runKit({ subject, subjects, seed, ids: kit, replay })
    for (const scenario of run.scenarios) yield await runOne(run, subject, scenario, strays)
  }
}

async function runOne(run: Run, subject: Subject, scenario: Scenario, strays: Strays): Promise<Row> {
  const { ops } = subject
  const opened: ZramDevice[] = []
  const start = performance.now()
  const row = {
    backend: ops.name,
    scenario: scenario.id,
    claim: scenario.claim,
    replay: replayCommand(run, subject, scenario.id),
  }
  try {
    const verdict = await within(run.limitMs, scenario.run(settingFor(run, ops, scenario, opened)))
    checkLaws(opened)
    await within(run.limitMs, Promise.all(opened.map((device) => device.close())))
    await new Promise((resolve) => setImmediate(resolve))
    mustEqual('rejections that nobody waits for', strays.take().join('; '), '')
    return { ...row, ...outcomeOf(verdict), ms: performance.now() - start }
  } catch (error) {
    await within(run.limitMs, Promise.allSettled(opened.map((device) => device.close()))).catch(() => {})
    strays.take()
    return { ...row, ...breakage(error), ms: performance.now() - start }
  }
}

/** Whatever a scenario is about, the device's accounts balance at its end. */
function checkLaws(devices: readonly ZramDevice[]): void {
  for (const device of devices) mustEqual('broken laws between counters', device.brokenLaws().join('; '), '')
}

function settingFor(run: Run, ops: ZcompOps, { id }: Scenario, opened: ZramDevice[]): Setting {
  const { pages, seed, subjects, create = ZramDevice.create } = run
  return {
    ops,
    backends: subjects.map((each) => each.ops),
    pages,
    seed,
    random: seededRandom(seed + hash(id)),
    sample: (count) => sample(pages, count, seed + hash(id)),
    async open({ ops: other = ops, ...options }: OpenOptions = {}) {
      const device = await create({ disksize: '64M', algorithm: other.name, backends: [other], ...options })
      opened.push(device)
      return device
    },
  }
}

function outcomeOf(verdict: Verdict): Pick<Row, 'outcome' | 'why'> {
  if (!verdict) return { outcome: 'held' }
  if ('skipped' in verdict) return { outcome: 'skipped', why: verdict.skipped }
  return { outcome: 'not claimed', why: verdict.notClaimed }
}

function breakage(error: unknown): Pick<Row, 'outcome' | 'why' | 'expected' | 'received'> {
  const why = error instanceof Error ? error.message : String(error)
  if (!(error instanceof Broken)) return { outcome: 'broke', why }
  return { outcome: 'broke', why, expected: error.expected, received: error.received }
}

function replayCommand({ seed, replayPages }: Run, { word }: Subject, id: string): string {
  return `npx --yes pnpm@10.34.8 harness --backend ${word} --scenario '${id}' --seed ${seed}${replayPages}`
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Broken('it does not end', `an end within ${ms} ms`, 'none')), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function hash(text: string): number {
  let h = 0
  for (const char of text) h = (Math.imul(h, 31) + char.charCodeAt(0)) | 0
  return h
}
