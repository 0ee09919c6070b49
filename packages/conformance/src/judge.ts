/** Judging: every selected case on a backend, one after the other, to a report. */
import type { ZcompOps } from '@zcomp/core'
import { allCases } from './cases/index.js'
import { Broken, NotClaimed, show } from './check.js'
import { readGolden } from './golden.js'
import { CaseTrial, type TrialOptions } from './trial.js'
import type { Case, CaseReport, JudgeOptions, Report, Subject, Verdict, Waiver } from './types.js'

/** What became of a case, before waivers are looked at. */
type Outcome =
  | { readonly verdict: 'held' }
  | { readonly verdict: 'not-claimed'; readonly why?: string }
  | { readonly verdict: 'broke'; readonly expected: string; readonly received: string; readonly seed?: number }

/**
 * Runs the cases of `options.cases` (default: all of `options.level`) on a backend. Never rejects for what a backend does; rejects where golden pages
 * cannot be read.
 */
export async function judge(subject: Subject, options: JudgeOptions = {}): Promise<Report> {
  const plan = await planOf(options)
  const cases: CaseReport[] = []
  for (const one of plan.cases) cases.push(await judgeCase(one, subject, plan))
  const named = await nameOf(subject)
  return reportOf(named, plan, cases)
}

/** A run as it was asked for, defaults filled in. */
export interface Plan {
  readonly cases: readonly Case[]
  readonly trial: TrialOptions
  readonly waive: readonly Waiver[]
  readonly source: string
  readonly problems: readonly string[]
}

export async function planOf(options: JudgeOptions): Promise<Plan> {
  const { golden = [] } = options
  const read = typeof golden === 'string' || golden instanceof URL ? await readGolden(golden) : golden
  return planWith(options, read)
}

export function planWith(options: JudgeOptions, golden: TrialOptions['golden']): Plan {
  const suite = options.suite ?? allCases
  const waive = options.waive ?? []
  const seeds = options.seeds ?? 2
  const problems = waive.flatMap(({ id, why }) => [
    ...(suite.some((one) => one.id === id) ? [] : [`waiver of unknown case ${show(id)}`]),
    ...(typeof why === 'string' && why.trim() !== '' ? [] : [`waiver of ${show(id)} without a reason`]),
  ])
  return {
    cases: selectCases(suite, options.cases, options.level),
    waive,
    problems,
    source: options.source ?? './my-backend.js',
    trial: {
      seed: options.seed ?? 1,
      budget: options.budget ?? 1000,
      seeds,
      rig: options.rig ?? {},
      peers: options.peers ?? [],
      golden,
      limitMs: options.limitMs ?? 20_000 + 1000 * seeds,
      pause: options.pause ?? (() => new Promise((resolve) => setTimeout(resolve, 1))),
      import: options.import ?? ((url) => import(url)),
    },
  }
}

/** Those whose id one of `patterns` names, `*` standing for anything; without patterns those of `level`. */
export function selectCases(
  suite: readonly Case[],
  patterns: readonly string[] | undefined,
  level: JudgeOptions['level'] = 1,
): readonly Case[] {
  if (!patterns || patterns.length === 0) return suite.filter((one) => level === 'all' || one.level === level)
  const tests = patterns.map(
    (pattern) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`),
  )
  return suite.filter(({ id }) => tests.some((test) => test.test(id)))
}

/** One case, and the waiver that may stand for it. */
export async function judgeCase(one: Case, subject: Subject, plan: Plan): Promise<CaseReport> {
  const outcome = await runCase(one, subject, plan.trial)
  const { id, claim } = one
  const seed = ('seed' in outcome ? outcome.seed : undefined) ?? plan.trial.seed
  const command = `npx zcomp-conformance ${plan.source} --case ${id} --seed ${seed}`
  const waiver = plan.waive.find((waiver) => waiver.id === id)
  const report = { id, claim, command }
  if (!waiver) return { ...report, ...outcome, seed }
  if (outcome.verdict === 'broke') return { ...report, ...outcome, seed, verdict: 'waived', why: waiver.why }
  return {
    ...report,
    seed,
    verdict: 'stale-waiver',
    why: waiver.why,
    expected: 'to break, as its waiver says',
    received: outcome.verdict,
  }
}

async function runCase(one: Case, subject: Subject, options: TrialOptions): Promise<Outcome> {
  let trial: CaseTrial | undefined
  try {
    const ops = await make(subject)
    if (!claims(one, ops, options)) return { verdict: 'not-claimed' }
    trial = new CaseTrial(one.id, ops, options)
    await within(options.limitMs, Promise.resolve(one.run(trial)))
    await trial.end()
    return { verdict: 'held' }
  } catch (error) {
    await trial?.end().catch(() => {})
    return outcomeOf(error)
  }
}

export function claims(one: Case, ops: ZcompOps, { peers, golden }: Pick<TrialOptions, 'peers' | 'golden'>): boolean {
  return one.when?.(ops.caps, { ops, peers, golden }) ?? true
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof NotClaimed) return { verdict: 'not-claimed', why: error.message }
  if (error instanceof Broken) {
    const { expected, received, seed } = error
    return { verdict: 'broke', expected, received, ...(seed !== undefined && { seed }) }
  }
  const stack = error instanceof Error && error.stack ? `\n${error.stack}` : ''
  return { verdict: 'broke', expected: 'no throw', received: `${show(error)}${stack}` }
}

function make(subject: Subject): ZcompOps | Promise<ZcompOps> {
  return typeof subject === 'function' ? subject() : subject
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Broken('the case to end', `nothing in ${limitMs} ms`)), limitMs)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

async function nameOf(subject: Subject): Promise<{ name: string; format: string }> {
  try {
    const { name, format } = await make(subject)
    return { name: String(name), format: String(format) }
  } catch {
    return { name: 'unknown', format: 'unknown' }
  }
}

function reportOf({ name, format }: { name: string; format: string }, plan: Plan, cases: CaseReport[]): Report {
  const counts: Record<Verdict, number> = { held: 0, broke: 0, waived: 0, 'stale-waiver': 0, 'not-claimed': 0 }
  for (const { verdict } of cases) counts[verdict]++
  const ran = cases.length - counts['not-claimed']
  const problems = ran > 0 ? plan.problems : [...plan.problems, 'no case ran']
  const ok = counts.broke === 0 && counts['stale-waiver'] === 0 && problems.length === 0
  return { backend: name, format, seed: plan.trial.seed, cases, counts, problems, ok }
}
