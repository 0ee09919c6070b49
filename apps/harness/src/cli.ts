/** Options in, exit code out. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type Found, findBackends } from './backends.js'
import type { Latencies } from './evidence.js'
import { type Mode, modes } from './forms.js'
import { globMatcher } from './glob.js'
import { type Claim, kitClaims } from './kit.js'
import { loadPages } from './pages/load.js'
import { pagesOption } from './pages/option.js'
import { type PageSet, pageCount } from './pages/page-set.js'
import { json, junit } from './report/files.js'
import { htmlReport } from './report/html/index.js'
import { details, matrix, summary } from './report/matrix.js'
import { type Output, progress } from './report/progress.js'
import { isSurprise, type Row } from './row.js'
import { type Run, runAll } from './run.js'
import { scenarios } from './scenarios/index.js'
import { applyWaiver } from './waivers.js'
import { workerClaims, workersByDefault } from './workers.js'

const root: string = fileURLToPath(new URL('../../..', import.meta.url))

interface Options {
  readonly backend: string[]
  readonly scenario: string[]
  readonly pages?: string
  readonly count: number
  readonly seed: number
  readonly json?: string
  readonly junit?: string
  readonly html?: string
  readonly mode?: Mode
  readonly seeds: number
  readonly workers?: true
  readonly limit: number
  readonly list?: true
}

/** 0: everything held, or is signed off. 1: a surprise. 2: the command line makes no sense. */
export async function harness(argv: readonly string[], out: Output): Promise<number> {
  const options = parse(argv, out)
  if (typeof options === 'number') return options
  const chosen = choose(options.scenario)
  if (options.list) {
    for (const { id, claim } of [...chosen.kit, ...chosen.workers, ...chosen.own]) out.write(`${id}: ${claim}\n`)
    return 0
  }
  if (chosen.kit.length + chosen.workers.length + chosen.own.length === 0) {
    out.write(`no scenario is named ${options.scenario.join(' or ')}; --list names them all\n`)
    return 2
  }
  const found = await findBackends(root, options.backend)
  const pages = await loadPages({ root, count: options.count, seed: options.seed, pages: options.pages })
  const latencies: Latencies = new Map()
  const rows = await run(options, chosen, found, pages, { out, latencies })
  out.write(`\n${matrix(rows)}\n\n${details(rows)}\nseed ${options.seed}: ${summary(rows)}\n`)
  report(options, pages, rows, latencies)
  return rows.length === 0 || rows.some(isSurprise) ? 1 : 0
}

interface Chosen {
  readonly kit: readonly Claim[]
  readonly workers: readonly Claim[]
  readonly own: typeof scenarios
}

function choose(globs: readonly string[]): Chosen {
  const matches = globMatcher(globs)
  const claimed = (claims: readonly Claim[]): readonly Claim[] => claims.filter(({ id }) => matches(id))
  return { kit: claimed(kitClaims), workers: claimed(workerClaims), own: scenarios.filter(({ id }) => matches(id)) }
}

async function run(options: Options, chosen: Chosen, found: Found, pages: PageSet, sinks: Sinks): Promise<Row[]> {
  const { out, latencies } = sinks
  out.write(`pages: ${pageCount(pages)} (${pages.from}), digest ${pages.digest}, seed ${options.seed}\n`)
  const plan = planOf(options, chosen, found, pages)
  const shown = progress(out, countRows(plan))
  const rows: Row[] = []
  for (const row of found.missing.map(missingRow)) {
    rows.push(row)
    shown.row(row)
  }
  for await (const row of runAll({ ...plan, latencies })) {
    const judged = applyWaiver(row)
    rows.push(judged)
    shown.row(judged)
  }
  shown.end()
  return rows
}

interface Sinks {
  readonly out: Output
  readonly latencies: Latencies
}

function planOf(options: Options, chosen: Chosen, found: Found, pages: PageSet): Run {
  const replayPages = options.pages === undefined || options.pages === 'live' ? '' : ` --pages ${options.pages}`
  const replayCount = options.count === defaultCount ? '' : ` --count ${options.count}`
  const everyWorker = options.workers === true || options.backend.length > 0
  const ids = chosen.workers.map(({ id }) => id)
  return {
    subjects: found.backends,
    kit: chosen.kit.map(({ id }) => id),
    workers: {
      ids,
      on: ({ ops }) => ops.module !== 'none' && (everyWorker || workersByDefault.includes(ops.name)),
    },
    scenarios: chosen.own,
    ...(options.mode && { modes: [options.mode] }),
    pages,
    seed: options.seed,
    seeds: options.seeds,
    limitMs: options.limit * 1000,
    replayPages: replayPages + replayCount,
  }
}

/** About: a backend that no worker can build has fewer. */
function countRows({ subjects, kit, workers, scenarios, modes: chosen = modes }: Run): number {
  const own = chosen.flatMap((mode) => scenarios.filter((each) => (each.modes ?? modes).includes(mode))).length
  return subjects.reduce((sum, each) => sum + kit.length + own + (workers?.on(each) ? workers.ids.length : 0), 0)
}

function missingRow({ name, why }: { name: string; why: string }): Row {
  const claim = 'The backend can be loaded.'
  return {
    backend: name,
    scenario: 'backend/loads',
    claim,
    outcome: 'missing',
    ms: 0,
    why,
    replay: `npx --yes pnpm@10.34.8 harness --backend ${name}`,
  }
}

function report(options: Options, pages: PageSet, rows: readonly Row[], latencies: Latencies): void {
  const facts = {
    seed: options.seed,
    pages: pages.from,
    pageCount: pageCount(pages),
    pagesDigest: pages.digest,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
  if (options.json) writeFileSync(resolve(options.json), json(facts, rows))
  if (options.html) writeFileSync(resolve(options.html), htmlReport(facts, rows, latencies))
  if (options.junit) writeFileSync(resolve(options.junit), junit(rows))
}

const defaultCount = 4096

function parse(argv: readonly string[], out: Output): Options | number {
  const several = (value: string, before: string[]): string[] => [...before, value]
  const command = new Command('harness')
    .description('Drives real pages through zram devices over every backend, and shows that nothing is lost.')
    .option('--backend <name|path>', 'only this backend, or a module that exports one; may be repeated', several, [])
    .option('--scenario <glob>', 'only scenarios of this name, such as device/*; may be repeated', several, [])
    .option('--pages <file|live>', 'pages of a file, or gathered anew (default: those gathered last)', pagesOption)
    .option('--count <n>', 'how many pages to gather', whole, defaultCount)
    .option('--seed <n>', 'decides everything that is left to chance', whole, 1)
    .option('--seeds <n>', 'random schedules that each of F01 to F45 plays', whole, 1)
    .addOption(new Option('--mode <form>', 'only this form of each backend').choices(modes))
    .option('--workers', 'scenarios of real workers on every backend, not only on two')
    .option('--limit <seconds>', 'how long a scenario may take', whole, 300)
    .option('--json <file>', 'write the rows as JSON')
    .option('--junit <file>', 'write the rows as JUnit XML')
    .option('--html <file>', 'write one HTML file for a person')
    .option('--list', 'name the scenarios and their claims')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out.write(text), writeErr: (text) => out.write(text) })
  try {
    return command.parse(argv, { from: 'user' }).opts<Options>()
  } catch (error) {
    return isHelp(error) ? 0 : 2
  }
}

function isHelp(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'exitCode' in error && error.exitCode === 0
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('must be a whole number')
  return value
}
