/** Options in, tables out. Only a command line that makes no sense is a failure: figures never are. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBackends } from '@zcomp/harness/backends'
import { globMatcher } from '@zcomp/harness/glob'
import { loadPages, type PageSet, pageCount } from '@zcomp/harness/pages'
import { Command, InvalidArgumentError } from 'commander'
import { checks } from './checks/index.js'
import { type Facts, type Reached, reach } from './reached.js'
import { factsTable, measuresTable, reachedTable } from './report.js'
import { runRounds, type Samples } from './rounds.js'
import type { Env, Opened, Row } from './row.js'
import { allRows } from './rows/index.js'
import { type Target, targets } from './targets.js'

const root: string = fileURLToPath(new URL('../../..', import.meta.url))

export interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

interface Options {
  readonly pages?: string
  readonly count: number
  readonly rounds: number
  readonly only: string[]
  readonly json?: string
  readonly table?: string
  readonly list?: true
}

export async function bench(argv: readonly string[], out: Output): Promise<number> {
  const command = commandLine(out)
  try {
    command.parse(argv, { from: 'user' })
  } catch (error) {
    return isHelp(error) ? 0 : 2
  }
  const options = command.opts<Options>()
  const [check] = command.args
  if (check === undefined) return measure(options, out)
  const run = checks[check]
  if (!run) {
    out.write(`no check is named ${check}; there are: ${Object.keys(checks).join(', ')}\n`)
    return 2
  }
  await run({
    root,
    pages: options.pages,
    count: options.count,
    only: globMatcher(options.only),
    say: (text) => out.write(`${text}\n`),
  })
  return 0
}

async function measure(options: Options, out: Output): Promise<number> {
  const { backends, missing } = await findBackends(root, [])
  const rows = (await allRows(backends.map(({ ops }) => ops))).filter(({ id }) => globMatcher(options.only)(id))
  if (options.list) {
    out.write(rows.map(({ id }) => `${id}\n`).join(''))
    return 0
  }
  const env = envFor(await loadPages({ root, pages: options.pages, count: options.count, seed: 1 }))
  const said = sayer(out)
  const ids = rows.map(({ id }) => id)
  const isWanted = ({ over, under }: Target): boolean =>
    [over, under].every((name) => ids.some((id) => name.startsWith(`${id}/`)))
  const opened = await openAll(rows, env, said)
  try {
    const samples = await runRounds(
      opened.open.flatMap(({ measures }) => measures),
      options.rounds,
      said,
    )
    const facts: Facts = Object.assign({}, ...opened.open.map(({ facts }) => facts ?? {}))
    const absent = [...missing.map(({ name, why }) => `${name}: ${why}`), ...opened.absent]
    said('')
    report({ options, out, env, samples, facts, absent, reached: reach(targets.filter(isWanted), samples, facts) })
  } finally {
    for (const row of opened.open) await row.close()
    rmSync(env.pagesFile, { force: true })
  }
  return 0
}

async function openAll(
  rows: readonly Row[],
  env: Env,
  said: (text: string) => void,
): Promise<{ open: Opened[]; absent: string[] }> {
  const open: Opened[] = []
  const absent: string[] = []
  for (const row of rows) {
    said(`opening ${row.id}`)
    const got = await row.open(env)
    if ('missing' in got) absent.push(`${row.id}: ${got.missing}`)
    else open.push(got)
  }
  return { open, absent }
}

interface Report {
  readonly options: Options
  readonly out: Output
  readonly env: Env
  readonly samples: Samples
  readonly facts: Facts
  readonly absent: readonly string[]
  readonly reached: readonly Reached[]
}

function report({ options, out, env: { pages }, samples, facts, absent, reached }: Report): void {
  const text = [
    `${pageCount(pages)} pages (${pages.from}), ${options.rounds} rounds, medians; ${machine()}`,
    measuresTable(samples),
    factsTable(facts),
    'Reached by CPU time where one thread works; the other clock is wall time.',
    reachedTable(reached),
    absent.length > 0 ? `Not measured:\n${absent.map((line) => `- ${line}`).join('\n')}` : '',
  ].join('\n\n')
  out.write(`${text.trimEnd()}\n`)
  if (options.table) writeFileSync(resolve(options.table), `${text.trimEnd()}\n`)
  if (options.json) {
    const data = {
      pages: pages.from,
      pageCount: pageCount(pages),
      machine: machine(),
      samples: Object.fromEntries(samples),
      facts,
      absent,
      reached,
    }
    writeFileSync(resolve(options.json), `${JSON.stringify(data, undefined, 2)}\n`)
  }
}

function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}, ${process.platform} ${process.arch}, load ${loadavg()[1]?.toFixed(1)}`
}

/** C programs read pages from a file: one of their own, named after its contents, since several runs may be under way. */
function envFor(pages: PageSet): Env {
  const cache = join(root, '.cache', 'bench')
  const pagesFile = join(cache, `pages-${pages.digest}-${process.pid}.bin`)
  mkdirSync(cache, { recursive: true })
  process.once('exit', () => rmSync(pagesFile, { force: true }))
  writeFileSync(pagesFile, pages.bytes, { mode: 0o600 })
  return { pages, pagesFile, cache, sources: fileURLToPath(new URL('../c', import.meta.url)) }
}

/** Where it stands, on a terminal only. */
function sayer(out: Output): (text: string) => void {
  return out.isTTY ? (text) => out.write(`\r\x1b[2K${text}`) : () => {}
}

function commandLine(out: Output): Command {
  const several = (value: string, before: string[]): string[] => [...before, value]
  return new Command('bench')
    .description("The C floor, the kernel's zram and ours on the same pages in one run.")
    .argument('[check]', `instead of the tables: ${Object.keys(checks).join(', ')}`)
    .option('--pages <file|live>', 'pages of a file, or gathered anew (default: those gathered last)')
    .option('--count <n>', 'how many pages to gather', whole, 8192)
    .option('--rounds <n>', 'how many rounds count', whole, 5)
    .option(
      '--only <glob>',
      'only rows of this name, such as codec/*, or backends of this name for a check; may be repeated',
      several,
      [],
    )
    .option('--json <file>', 'write every sample as JSON')
    .option('--table <file>', 'write the tables as Markdown')
    .option('--list', 'name the rows')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out.write(text), writeErr: (text) => out.write(text) })
}

function isHelp(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'exitCode' in error && error.exitCode === 0
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number above 0')
  return value
}
