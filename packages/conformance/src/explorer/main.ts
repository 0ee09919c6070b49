/** The explorer by hand: all known defects of the kernel patches' accelerator, or one size of it. */
import { parseArgs } from 'node:util'
import { exploreDefect, knownDefects } from '../poc/known.js'
import { pocModel } from '../poc/model.js'
import type { PocOptions } from '../poc/parts.js'
import { explore } from './explore.js'
import { summary, traceText } from './report.js'

const numbers = ['devices', 'writers', 'rounds', 'streams', 'contexts', 'depth', 'workers', 'lives'] as const
const flags = ['errors', 'timeouts', 'clears'] as const

const help = `Explores the accelerator of the kernel patches for managed streams.

  without options: every known defect, with a shortest trace
  ${numbers.map((name) => `--${name} n`).join(' ')}: one size, to the end
  ${flags.map((name) => `--${name}`).join(' ')}: what may happen there
  --states n: gives up after so many, default 5,000,000
  --traces: shows a shortest way to each kind of wrong`

const { values } = parseArgs({
  options: {
    ...Object.fromEntries(numbers.map((name) => [name, { type: 'string' as const }])),
    ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
    states: { type: 'string' },
    traces: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

if (values.help) console.log(help)
else {
  const options = read(values)
  if (Object.keys(options).length === 0) tellDefects()
  else tellOne(options)
}

function read(given: Readonly<Record<string, unknown>>): Partial<PocOptions> {
  const sizes: Partial<Record<(typeof numbers)[number], number>> = {}
  const faults: Partial<Record<(typeof flags)[number], boolean>> = {}
  for (const name of numbers) {
    if (given[name] === undefined) continue
    const value = Number(given[name])
    if (!Number.isInteger(value) || value < 0 || value > 16)
      throw new Error(`--${name} must be a whole number up to 16`)
    sizes[name] = value
  }
  for (const name of flags) if (given[name]) faults[name] = true
  if (Object.keys({ ...sizes, ...faults }).length === 0) return {}
  const streams = sizes.streams ?? sizes.writers ?? 2
  return { streams, contexts: streams, depth: streams, ...sizes, ...faults }
}

function tellOne(options: Partial<PocOptions>): void {
  const done = explore(pocModel(options), { maxStates: Number(values.states ?? 5_000_000) })
  console.log(summary(done))
  if (values.traces) for (const finding of done.findings) console.log(traceText(finding))
}

function tellDefects(): void {
  for (const defect of knownDefects) {
    const { findings, states } = exploreDefect(defect)
    console.log(`\n${defect.id}: ${defect.title} (${states.toLocaleString('en')} states)`)
    for (const finding of findings) if (defect.kinds.includes(finding.kind)) console.log(traceText(finding))
  }
}
