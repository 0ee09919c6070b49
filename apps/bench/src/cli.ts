/** Options in, tables out. Only a command line that makes no sense is a failure: figures never are. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBackends } from '@zcomp/harness/backends'
import { globMatcher } from '@zcomp/harness/glob'
import { loadPages, type PageSet, pageCount } from '@zcomp/harness/pages'
import { checks } from './checks/index.js'
import { commandLine, isHelp, type Options, type Output } from './command-line.js'
import { load, publish } from './outcome.js'
import { type Facts, reach } from './reached.js'
import { runRounds } from './rounds.js'
import type { Env, Opened, Row } from './row.js'
import { allRows } from './rows/index.js'
import { type Target, targets } from './targets.js'

const root: string = fileURLToPath(new URL('../../..', import.meta.url))

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
  const loadBefore = load()
  const env = envFor(await loadPages({ root, pages: options.pages, count: options.count, seed: 1 }), options.mib)
  const said = sayer(out)
  const { open, absent } = await openAll(rows, env, said)
  try {
    const all = open.flatMap(({ measures }) => measures)
    const samples = await runRounds(all, { count: options.rounds, pages: pageCount(env.pages), targets, said })
    const facts: Facts = Object.assign({}, ...open.map(({ facts }) => facts ?? {}))
    const reached = reach(targets.filter(isAbout(rows)), samples, facts)
    said('')
    const lacking = [...missing.map(({ name, why }) => `${name}: ${why}`), ...absent]
    publish({ options, pages: env.pages, samples, facts, absent: lacking, reached, loadBefore }, out)
  } finally {
    for (const row of open) await row.close()
    rmSync(env.pagesFile, { force: true })
  }
  return 0
}

/** Whether both sides of a target belong to one of these rows. */
function isAbout(rows: readonly Row[]): (target: Target) => boolean {
  return ({ over, under }) =>
    [over, under].every((name) => name === 'none' || rows.some(({ id }) => name.startsWith(`${id}/`)))
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

/** C programs read pages from a file: one of their own, named after its contents, since several runs may be under way. */
function envFor(pages: PageSet, mib: number): Env {
  const cache = join(root, '.cache', 'bench')
  const pagesFile = join(cache, `pages-${pages.digest}-${process.pid}.bin`)
  mkdirSync(cache, { recursive: true })
  process.once('exit', () => rmSync(pagesFile, { force: true }))
  writeFileSync(pagesFile, pages.bytes, { mode: 0o600 })
  return { pages, pagesFile, cache, sources: fileURLToPath(new URL('../c', import.meta.url)), mib }
}

/** Where it stands, on a terminal only. */
function sayer(out: Output): (text: string) => void {
  return out.isTTY ? (text) => out.write(`\r\x1b[2K${text}`) : () => {}
}
