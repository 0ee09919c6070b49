/** Every backend, every claim. */
import type { ZramDevice, ZramDeviceOptions } from '@zcomp/core'
import type { Subject } from './backends.js'
import { Broken, mustEqual } from './broken.js'
import { evidenceOf, type Latencies, noteLatencies } from './evidence.js'
import { modes as allModes, type Forms, formsOf, type Mode } from './forms.js'
import { runKit } from './kit.js'
import { keepAwake } from './managed.js'
import type { PageSet } from './pages/page-set.js'
import { sample } from './pages/page-set.js'
import type { Row } from './row.js'
import type { Scenario, Verdict } from './scenario.js'
import { type Stage, settingFor } from './setting.js'
import { catchStrays, type Strays } from './strays.js'
import type { Timeline } from './timeline.js'
import { playOnWorkers, workerClaims } from './workers.js'

export interface Run {
  readonly subjects: readonly Subject[]
  /** Cases of the kit, by their names here. */
  readonly kit: readonly string[]
  /** Scenarios of real workers, by their names here, and the backends that meet them. */
  readonly workers?: { readonly ids: readonly string[]; on(subject: Subject): boolean }
  readonly scenarios: readonly Scenario[]
  /** Forms of each backend. Default: both. */
  readonly modes?: readonly Mode[]
  readonly pages: PageSet
  readonly seed: number
  /** Random schedules of each scenario of managed streams. Default 1. */
  readonly seeds?: number
  /** Options that choose the same pages, for the command that replays a row. */
  readonly replayPages: string
  /** Makes a device. Tests give devices that are broken on purpose. */
  readonly create?: (options: ZramDeviceOptions) => Promise<ZramDevice>
  /** A scenario that has not ended by then counts as broken, in milliseconds. */
  readonly limitMs: number
  /** Where traced pages go. */
  readonly latencies?: Latencies
}

/** Rows in the order in which they come about. */
export async function* runAll(run: Run): AsyncGenerator<Row> {
  const { subjects, seed, seeds = 1, kit } = run
  using strays = catchStrays()
  for (const subject of subjects) {
    const forms = await formsOf(subject.ops)
    const replay = (id: string, seed?: number): string => replayCommand(run, subject, id, seed)
    yield* runKit({ subject, forms, subjects, seed, seeds, ids: kit, replay })
    if (run.workers?.on(subject)) yield* runWorkers(run, subject, forms)
    for (const mode of run.modes ?? allModes) yield* runMode({ run, subject, forms, mode }, strays)
  }
}

async function* runMode(stage: Omit<Stage, 'ops'>, strays: Strays): AsyncGenerator<Row> {
  const { run, subject, forms, mode } = stage
  const scenarios = run.scenarios.filter((each) => (each.modes ?? allModes).includes(mode))
  const ops = forms[mode]
  if (scenarios.length === 0) return
  if (typeof ops === 'string') {
    const row = { backend: subject.ops.name, scenario: 'backend/managed', replay: replayCommand(run, subject, '*') }
    yield { ...row, claim: 'Workers can lend it streams.', outcome: 'not claimed', why: ops, ms: 0 }
    return
  }
  await using _ = mode === 'managed' ? await keepAwake(ops) : undefined
  for (const scenario of scenarios) yield await runOne({ ...stage, ops }, scenario, strays)
}

async function* runWorkers(run: Run, subject: Subject, forms: Forms): AsyncGenerator<Row> {
  const ids = run.workers?.ids ?? []
  const bytes = sample(run.pages, 64, run.seed)
  for (const { id, claim } of workerClaims.filter(({ id }) => ids.includes(id))) {
    const start = performance.now()
    const row = { backend: subject.ops.name, scenario: id, claim, replay: replayCommand(run, subject, id) }
    try {
      await within(run.limitMs, playOnWorkers(id, forms.software, bytes))
      yield { ...row, outcome: 'held', ms: performance.now() - start }
    } catch (error) {
      yield { ...row, ...breakage(error), ms: performance.now() - start }
    }
  }
}

async function runOne(stage: Stage, scenario: Scenario, strays: Strays): Promise<Row> {
  const { run, subject, mode } = stage
  const { limitMs } = run
  const opened: ZramDevice[] = []
  let timeline: Timeline | undefined
  const start = performance.now()
  const named = { backend: subject.ops.name, scenario: scenario.id, mode, claim: scenario.claim }
  const row = { ...named, replay: replayCommand(run, subject, scenario.id, run.seed, mode) }
  const seen = (): Pick<Row, 'evidence' | 'timeline' | 'ms'> => ({
    evidence: evidenceOf(opened),
    ...(timeline && { timeline }),
    ms: performance.now() - start,
  })
  try {
    const setting = settingFor(stage, scenario, opened, (made) => {
      timeline = made
    })
    const verdict = await within(limitMs, scenario.run(setting))
    checkLaws(opened)
    if (run.latencies) for (const device of opened) noteLatencies(run.latencies, device.trace())
    const facts = seen()
    await within(limitMs, Promise.all(opened.map((device) => device.close())))
    await new Promise((resolve) => setImmediate(resolve))
    mustEqual('rejections that nobody waits for', strays.take().join('; '), '')
    return { ...row, ...outcomeOf(verdict), ...facts }
  } catch (error) {
    const facts = seen()
    await within(limitMs, Promise.allSettled(opened.map((device) => device.close()))).catch(() => {})
    strays.take()
    return { ...row, ...breakage(error), ...facts }
  }
}

/** Whatever a scenario is about, the device's accounts balance at its end. */
function checkLaws(devices: readonly ZramDevice[]): void {
  for (const device of devices) mustEqual('broken laws between counters', device.brokenLaws().join('; '), '')
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

function replayCommand(run: Run, { word }: Subject, id: string, seed: number = run.seed, mode?: Mode): string {
  const form = mode === undefined ? '' : ` --mode ${mode}`
  return `npx --yes pnpm@10.34.8 harness --backend ${word} --scenario '${id}' --seed ${seed}${run.replayPages}${form}`
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Broken('it does not end', `an end within ${ms} ms`, 'none')), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
