/** The table at the end: a line per claim, a column per backend. */
import { isSurprise, labelOf, type Row } from '../row.js'

const words: Record<Row['outcome'], string> = {
  held: 'held',
  broke: 'BROKE',
  waived: 'waived',
  'not claimed': '-',
  skipped: 'skipped',
  missing: 'MISSING',
}

export function matrix(rows: readonly Row[]): string {
  const backends = [...new Set(rows.map(({ backend }) => backend))]
  const scenarios = [...new Set(rows.map(labelOf))]
  const outcomes = new Map(rows.map((row) => [`${row.backend} ${labelOf(row)}`, words[row.outcome]]))
  const table = [
    ['', ...backends],
    ...scenarios.map((scenario) => [
      scenario,
      ...backends.map((backend) => outcomes.get(`${backend} ${scenario}`) ?? ''),
    ]),
  ]
  return align(table)
}

function align(table: readonly (readonly string[])[]): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((line) => (line[column] ?? '').length)))
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** What did not hold, whole; then reasons of the rest, each once. */
export function details(rows: readonly Row[]): string {
  const broken = rows.filter(isSurprise).map(breakage)
  const reasons = new Map<string, string[]>()
  for (const row of rows) {
    const { outcome, why, backend } = row
    if (outcome !== 'waived' && outcome !== 'not claimed' && outcome !== 'skipped') continue
    const key = `${outcome}: ${why}`
    reasons.set(key, [...(reasons.get(key) ?? []), `${backend} ${labelOf(row)}`])
  }
  const rest = [...reasons].map(([key, where]) => `${key} (${where.slice(0, 3).join(', ')}${more(where.length - 3)})`)
  return [...broken, ...rest].join('\n')
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : ''
}

function breakage(row: Row): string {
  const { backend, claim, outcome, why, expected, received, replay } = row
  const lines = [`${words[outcome]} ${backend} ${labelOf(row)}`, `  claim: ${claim}`, `  why: ${why}`]
  if (expected !== undefined) lines.push(`  expected: ${expected}`, `  received: ${received}`)
  return [...lines, `  replay: ${replay}`, ''].join('\n')
}

/** `1 broke, 40 held`. */
export function summary(rows: readonly Row[]): string {
  const counts = new Map<string, number>()
  for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'nothing ran'
}
