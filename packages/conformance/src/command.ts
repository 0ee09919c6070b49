/** What `zcomp-conformance` does with its arguments. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { allCases } from './cases/index.js'
import { goldenParamSets, makeGolden } from './golden.js'
import { judge } from './judge.js'
import { type Loaded, loadBackends } from './load.js'
import { pocCases } from './managed/poc.js'
import { formatReport } from './report.js'
import type { JudgeOptions, Report, Waiver } from './types.js'

const usage = `usage: zcomp-conformance MODULE [options]

MODULE is a file or a package. Each export that is a backend, or a function that returns one, is judged.

  --export NAME        only this export
  --case ID            only this case; * stands for anything; may be repeated
  --level LEVEL        1: every backend (the default); 2: managed streams under faults; all
  --seed N             default 1
  --seeds N            random schedules that each case of level 2 plays, from --seed on, default 2
  --budget N           inputs that each fuzz case tries, default 1000
  --waive ID=WHY       a case that is known to break, and why that is accepted; may be repeated
  --peer MODULE        backends of the same format, which must read each other's pages; may be repeated
  --golden DIR         pages that earlier versions wrote
  --write-golden DIR   writes such pages, and judges nothing
  --json               the reports as JSON

Exit code: 0 all held, 1 something broke or nothing ran, 2 wrong usage.
`

const options = {
  export: { type: 'string' },
  case: { type: 'string', multiple: true },
  level: { type: 'string' },
  seed: { type: 'string' },
  seeds: { type: 'string' },
  budget: { type: 'string' },
  waive: { type: 'string', multiple: true },
  peer: { type: 'string', multiple: true },
  golden: { type: 'string' },
  'write-golden': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

type Values = ReturnType<typeof parse>['values']

function parse(args: string[]): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  return parseArgs({ args, options, allowPositionals: true })
}

/** What the person at the terminal got wrong. */
class Usage extends Error {}

function whole(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw new Usage(`--${name} must be a whole number, such as --${name} 7, not ${text}`)
  return Number(text)
}

function levelOf(text = '1'): 1 | 2 | 'all' {
  if (text === 'all') return text
  if (text === '1' || text === '2') return text === '1' ? 1 : 2
  throw new Usage(`--level must be 1, 2 or all, not ${text}`)
}

function waiver(text: string): Waiver {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1) throw new Usage(`--waive must be ID=WHY, not ${text}`)
  return { id: text.slice(0, at), why: text.slice(at + 1) }
}

/** What can be checked before any module is loaded. */
function plainOptions(values: Values): JudgeOptions {
  const seed = whole(values.seed, 'seed')
  const seeds = whole(values.seeds, 'seeds')
  const budget = whole(values.budget, 'budget')
  return {
    ...(values.case && { cases: values.case }),
    level: levelOf(values.level),
    suite: [...allCases, ...pocCases],
    ...(seed !== undefined && { seed }),
    ...(seeds !== undefined && { seeds }),
    ...(budget !== undefined && { budget }),
    ...(values.golden && { golden: values.golden }),
    waive: (values.waive ?? []).map(waiver),
  }
}

async function judgeAll(job: Job, loaded: readonly Loaded[], plain: JudgeOptions): Promise<number> {
  const { module, values, out } = job
  const others = (await Promise.all((values.peer ?? []).map((peer) => loadBackends(peer)))).flat()
  const reports: Report[] = []
  for (const { name, ops, subject } of loaded) {
    const source = loaded.length > 1 || values.export ? `${module} --export ${name}` : module
    const peers = others.map((other) => other.ops).filter(({ format }) => format === ops.format)
    const report = await judge(subject, { ...plain, peers, source })
    reports.push(report)
    if (!values.json) out(formatReport(report))
  }
  if (values.json) out(JSON.stringify(reports, undefined, 2))
  return reports.every(({ ok }) => ok) ? 0 : 1
}

async function writeGolden({ out }: Job, loaded: readonly Loaded[], folder: string): Promise<number> {
  await mkdir(folder, { recursive: true })
  for (const { ops } of loaded) {
    for (const [name, params] of goldenParamSets(ops)) {
      const file = join(folder, `${ops.name}-${name}.json`)
      // Never over what is there: golden pages are what an earlier version wrote.
      await writeFile(file, `${JSON.stringify(await makeGolden(ops, params), undefined, 2)}\n`, { flag: 'wx' })
      out(file)
    }
  }
  return 0
}

/** Where a line goes. */
export type Say = (line: string) => void

interface Job {
  readonly module: string
  readonly values: Values
  readonly out: Say
}

async function run(args: string[], out: Say): Promise<number> {
  const { values, positionals } = parse(args)
  const [module, ...rest] = positionals
  if (values.help) {
    out(usage)
    return 0
  }
  if (module === undefined || rest.length > 0) throw new Usage(`one module to judge, not ${positionals.length}`)
  const plain = plainOptions(values)
  const loaded = await loadBackends(module, values.export)
  if (loaded.length === 0) {
    const what = values.export ? `export ${values.export}` : 'exports'
    throw new Error(`${module}: no backend among its ${what}; nothing was judged`)
  }
  const job = { module, values, out }
  const folder = values['write-golden']
  return folder === undefined ? judgeAll(job, loaded, plain) : writeGolden(job, loaded, folder)
}

/** Gives the exit code; says the rest, line by line. Never rejects. */
export async function main(args: string[], out: Say, err: Say): Promise<number> {
  try {
    return await run(args, out)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const code = 'code' in error ? String(error.code) : ''
    const wrong = error instanceof Usage || code.startsWith('ERR_PARSE_ARGS')
    err(wrong ? `${error.message}\n\n${usage}` : error.message)
    return wrong ? 2 : 1
  }
}
