/** Options in, exit code out. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { type Found, findBackends } from './backends.js'
import { globMatcher } from './glob.js'
import { kitClaims } from './kit.js'
import { loadPages } from './pages/load.js'
import { type PageSet, pageCount } from './pages/page-set.js'
import { json, junit } from './report/files.js'
import { details, matrix, summary } from './report/matrix.js'
import { type Output, progress } from './report/progress.js'
import { isSurprise, type Row } from './row.js'
import { runAll } from './run.js'
import { scenarios } from './scenarios/index.js'
import { applyWaiver } from './waivers.js'

const root: string = fileURLToPath(new URL('../../..', import.meta.url))

interface Options {
  readonly backend: string[]
  readonly scenario: string[]
  readonly pages?: string
  readonly count: number
  readonly seed: number
  readonly json?: string
  readonly junit?: string
  readonly limit: number
  readonly list?: true
}

/** 0: everything held, or is signed off. 1: a surprise. 2: the command line makes no sense. */
export async function harness(argv: readonly string[], out: Output): Promise<number> {
  const options = parse(argv, out)
  if (typeof options === 'number') return options
  const chosen = choose(options.scenario)
  if (options.list) {
    for (const { id, claim } of [...chosen.kit, ...chosen.own]) out.write(`${id}: ${claim}\n`)
    return 0
  }
  if (chosen.kit.length + chosen.own.length === 0) {
    out.write(`no scenario is named ${options.scenario.join(' or ')}; --list names them all\n`)
    return 2
  }
  const found = await findBackends(root, options.backend)
  const pages = await loadPages({ root, count: options.count, seed: options.seed, pages: options.pages })
  const rows = await run(options, chosen, found, pages, out)
  out.write(`\n${matrix(rows)}\n\n${details(rows)}\nseed ${options.seed}: ${summary(rows)}\n`)
  report(options, pages, rows)
  return rows.length === 0 || rows.some(isSurprise) ? 1 : 0
}

interface Chosen {
  readonly kit: typeof kitClaims
  readonly own: typeof scenarios
}

function choose(globs: readonly string[]): Chosen {
  const matches = globMatcher(globs)
  return { kit: kitClaims.filter(({ id }) => matches(id)), own: scenarios.filter(({ id }) => matches(id)) }
}

async function run(options: Options, chosen: Chosen, found: Found, pages: PageSet, out: Output): Promise<Row[]> {
  out.write(`pages: ${pageCount(pages)} (${pages.from}), digest ${pages.digest}, seed ${options.seed}\n`)
  const total = found.backends.length * (chosen.kit.length + chosen.own.length)
  const shown = progress(out, total)
  const rows: Row[] = []
  for (const row of found.missing.map(missingRow)) {
    rows.push(row)
    shown.row(row)
  }
  const replayPages = options.pages === undefined || options.pages === 'live' ? '' : ` --pages ${options.pages}`
  const replayCount = options.count === defaultCount ? '' : ` --count ${options.count}`
  const all = runAll({
    subjects: found.backends,
    kit: chosen.kit.map(({ id }) => id),
    scenarios: chosen.own,
    pages,
    seed: options.seed,
    limitMs: options.limit * 1000,
    replayPages: replayPages + replayCount,
  })
  for await (const row of all) {
    const judged = applyWaiver(row)
    rows.push(judged)
    shown.row(judged)
  }
  shown.end()
  return rows
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

function report(options: Options, pages: PageSet, rows: readonly Row[]): void {
  const facts = {
    seed: options.seed,
    pages: pages.from,
    pageCount: pageCount(pages),
    pagesDigest: pages.digest,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
  if (options.json) writeFileSync(resolve(options.json), json(facts, rows))
  if (options.junit) writeFileSync(resolve(options.junit), junit(rows))
}

const defaultCount = 4096

function parse(argv: readonly string[], out: Output): Options | number {
  const several = (value: string, before: string[]): string[] => [...before, value]
  const command = new Command('harness')
    .description('Drives real pages through zram devices over every backend, and shows that nothing is lost.')
    .option('--backend <name|path>', 'only this backend, or a module that exports one; may be repeated', several, [])
    .option('--scenario <glob>', 'only scenarios of this name, such as device/*; may be repeated', several, [])
    .option('--pages <file|live>', 'pages of a file, or gathered anew (default: those gathered last)')
    .option('--count <n>', 'how many pages to gather', whole, defaultCount)
    .option('--seed <n>', 'decides everything that is left to chance', whole, 1)
    .option('--limit <seconds>', 'how long a scenario may take', whole, 300)
    .option('--json <file>', 'write the rows as JSON')
    .option('--junit <file>', 'write the rows as JUnit XML')
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
