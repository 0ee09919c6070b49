/** What a run showed, as text, as JSON, and as the file that is kept. */
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type PageSet, pageCount } from '@zcomp/harness/pages'
import type { Options, Output } from './command-line.js'
import { managedTables } from './managed-report.js'
import type { Facts, Reached } from './reached.js'
import { factsTable, measuresTable, reachedTable } from './report.js'
import { type Samples, warmUps } from './rounds.js'
import { codecPages } from './work.js'

export interface Outcome {
  readonly options: Options
  readonly pages: PageSet
  readonly samples: Samples
  readonly facts: Facts
  readonly absent: readonly string[]
  readonly reached: readonly Reached[]
  /** `load()` before the first row opened. */
  readonly loadBefore: string
}

/** Load averages over 1, 5 and 15 minutes. */
export function load(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')
}

export function publish(outcome: Outcome, out: Output): void {
  const { options } = outcome
  const text = `${tables(outcome).trimEnd()}\n`
  out.write(text)
  if (options.table) writeFileSync(resolve(options.table), text)
  if (options.results) writeFileSync(keptFile, `${preface(options)}\n\n${text}`)
  if (options.json) writeFileSync(resolve(options.json), `${JSON.stringify(data(outcome), undefined, 2)}\n`)
}

const keptFile: string = fileURLToPath(new URL('../RESULTS.md', import.meta.url))

function tables({ options, pages, samples, facts, absent, reached, loadBefore }: Outcome): string {
  const sections = [
    `${pageCount(pages)} pages, ${codecPages(pages).length} of which reach a codec (${origin(options, pages)}); ${options.rounds} rounds after ${warmUps} that do not count, medians`,
    `${machine()}; load average ${loadBefore} at the start, ${load()} at the end`,
    measuresTable(samples),
    Object.keys(facts).length > 0 ? factsTable(facts) : '',
    managedTables(samples),
    reached.length > 0
      ? `By CPU time where one thread works; the other clock is wall time.\n\n${reachedTable(reached)}`
      : '',
    absent.length > 0 ? `Not measured:\n${absent.map((line) => `- ${line}`).join('\n')}` : '',
  ]
  return sections.filter(Boolean).join('\n\n')
}

function data({ options, pages, samples, facts, absent, reached, loadBefore }: Outcome): object {
  return {
    pages: origin(options, pages),
    pageCount: pageCount(pages),
    machine: machine(),
    load: { before: loadBefore, after: load() },
    samples: Object.fromEntries(samples),
    facts,
    absent,
    reached,
  }
}

/** A file's path is nobody's business. */
function origin({ pages: choice }: Options, { from, digest }: PageSet): string {
  return choice === undefined || choice === 'live' ? from : `a file, ${digest}`
}

function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}, ${process.platform} ${process.arch}`
}

function preface({ pages, rounds, mib, only }: Options): string {
  const words = [
    'bench',
    ...(pages === undefined ? [] : ['--pages', pages === 'live' ? 'live' : 'FILE']),
    ...only.flatMap((glob) => ['--only', `'${glob}'`]),
    ...['--rounds', String(rounds), '--mib', String(mib), '--results'],
  ]
  return [
    '# A run that was kept',
    `Made by \`${words.join(' ')}\`. CPU times hold on a machine that others use too, wall times less so: see the load.`,
  ].join('\n\n')
}
