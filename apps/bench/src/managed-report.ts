/** Two tables about devices with engines: what they gain over software alone, and how their pages went. */
import { ratios } from './reached.js'
import { between, table } from './report.js'
import { type Samples, type Spread, spread } from './rounds.js'
import type { Sample } from './row.js'

const kinds = ['8-outstanding', '1-outstanding', 'busy-neighbour'] as const

/** Empty where no such row was measured. */
export function managedTables(samples: Samples): string {
  const names = [...samples.keys()]
    .filter((id) => id.startsWith('managed/') && id.endsWith('/idle'))
    .map((id) => id.slice('managed/'.length, -'/idle'.length))
  if (names.length === 0) return ''
  return [
    'With engines, by wall time: throughput over software alone (more is better), latency of a request on an idle device over software alone (less is better).',
    gainTable(samples, names),
    'How the pages that reach a codec went, and what else a pass showed; medians.',
    waysTable(samples, names),
  ].join('\n\n')
}

function gainTable(samples: Samples, names: readonly string[]): string {
  const of = (name: string, kind: string): readonly Sample[] => samples.get(`managed/${name}/${kind}`) ?? []
  const lines = names
    .filter((name) => name !== 'software')
    .map((name) => [
      name,
      ...kinds.map((kind) => shown(of('software', kind), of(name, kind), ({ wallNs }) => wallNs)),
      ...['p50 us', 'p99 us'].map((figure) => shown(of(name, 'idle'), of('software', 'idle'), figureOf(figure))),
    ])
  return table(['engines', '8 outstanding', '1 outstanding', 'busy neighbour', 'idle p50', 'idle p99'], lines)
}

function shown(over: readonly Sample[], under: readonly Sample[], cost: (sample: Sample) => number): string {
  if (over.length === 0 || under.length === 0) return 'not measured'
  const ratio: Spread = ratios(over, under, cost)
  return `${ratio.median.toFixed(2)} (${between(ratio)})`
}

function waysTable(samples: Samples, names: readonly string[]): string {
  const lines = names.flatMap((name) =>
    [...kinds, 'idle'].map((kind) => {
      const list = samples.get(`managed/${name}/${kind}`) ?? []
      const median = (figure: string): number => spread(list.map(figureOf(figure))).median
      const cell = (figure: string, digits: number): string => {
        const value = median(figure)
        return Number.isFinite(value) ? value.toFixed(digits) : ''
      }
      return [
        `${name}/${kind}`,
        cell('p50 us', 0),
        cell('p99 us', 0),
        cell('loop delay p99 ms', 2),
        cell('loop delay max ms', 1),
        cell('cores busy', 2),
        cell('managed %', 1),
        reasons(list),
        cell('bells', 0),
      ]
    }),
  )
  const head = [
    'measure',
    'p50 us',
    'p99 us',
    'loop delay p99 ms',
    'at most',
    'cores busy',
    'managed %',
    'why not, %',
    'bells',
  ]
  return table(head, lines)
}

/** Reasons with their shares; a pass that has none of a reason counts as 0. */
function reasons(list: readonly Sample[]): string {
  const names = new Set(list.flatMap(({ figures }) => Object.keys(figures ?? {})))
  return [...names]
    .filter((name) => name.endsWith(' %') && name !== 'managed %')
    .map((name) => ({ name: name.slice(0, -2), share: spread(list.map((s) => s.figures?.[name] ?? 0)).median }))
    .sort((a, b) => b.share - a.share)
    .map(({ name, share }) => `${name} ${share.toFixed(1)}`)
    .join(', ')
}

function figureOf(name: string): (sample: Sample) => number {
  return ({ figures }) => figures?.[name] ?? Number.NaN
}
