/** Tables, in Markdown, which a terminal shows as well as a page does. */
import type { Facts, Reached } from './reached.js'
import { type Samples, type Spread, spread } from './rounds.js'

export function measuresTable(samples: Samples): string {
  const lines = [...samples].map(([id, list]) => {
    const wall = spread(list.map(({ wallNs, pages }) => wallNs / pages))
    const cpu = spread(list.map(({ cpuNs, pages }) => cpuNs / pages))
    const rate = Math.round(4096 / 1.048576 / (wall.median / 1000))
    return [id, ns(wall.median), `${ns(wall.min)} to ${ns(wall.max)}`, ns(cpu.median), String(rate)]
  })
  return table(['measure', 'ns a page', 'from, to', 'CPU ns', 'MiB/s'], lines)
}

export function reachedTable(reached: readonly Reached[]): string {
  const lines = reached.map(({ what, must, aim, better, clock, ratio, other }) => [
    better === 'more' ? `${what} (more is better)` : what,
    must?.toFixed(2) ?? '',
    aim?.toFixed(2) ?? '',
    ratio ? ratio.median.toFixed(3) : 'not measured',
    ratio && clock !== 'fact' ? between(ratio) : '',
    other ? other.median.toFixed(3) : '',
    ratio && must !== undefined ? verdict(ratio.median, must, aim, better) : '',
  ])
  return table(['ratio', 'must', 'aim', 'reached', 'from, to', 'by the other clock', ''], lines)
}

export function factsTable(facts: Facts): string {
  return table(
    ['figure (bytes, unless it says otherwise)', 'value'],
    Object.entries(facts).map(([name, value]) => [name, value.toLocaleString('en-US')]),
  )
}

function verdict(value: number, must: number, aim: number | undefined, better: 'less' | 'more' = 'less'): string {
  const reaches = (limit: number): boolean => (better === 'more' ? value >= limit : value <= limit)
  if (aim !== undefined && reaches(aim)) return 'aim'
  return reaches(must) ? 'must' : 'short of it'
}

export function between({ min, max }: Spread): string {
  return `${min.toFixed(2)} to ${max.toFixed(2)}`
}

function ns(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** Columns of one width. */
export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [head, ...lines]
  const widths = head.map((_, column) => Math.max(3, ...all.map((line) => (line[column] ?? '').length)))
  const row = (line: readonly string[]): string =>
    `| ${widths.map((width, i) => (line[i] ?? '').padEnd(width)).join(' | ')} |`
  return [row(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.map(row)].join('\n')
}
