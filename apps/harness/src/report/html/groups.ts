/** Rows in the groups in which they are shown. */
import { labelOf, type Row } from '../../row.js'

export interface Group {
  readonly name: string
  readonly about: string
  readonly rows: readonly Row[]
}

const kinds: readonly [name: string, about: string, belongs: (id: string) => boolean][] = [
  [
    'F01 to F45',
    'Managed streams under faults, on a scripted device in virtual time: first step by step, then random schedules, each played in software alone, on a device without faults and on one with faults.',
    (id) => /^F\d/.test(id),
  ],
  ['managed', 'Managed streams of real engines on real pages.', (id) => id.startsWith('managed/')],
  ['workers', "The accelerator's own scenarios, on real worker threads.", (id) => id.startsWith('workers/')],
  [
    'poc',
    'The policy of the kernel patches: what it promises, and each loss that it is known for, asserted as a loss. Held means here that it is lost as known.',
    (id) => id.startsWith('poc/'),
  ],
  [
    'device',
    'Real pages through a block device, in software and with managed streams.',
    (id) => id.startsWith('device/'),
  ],
  ['kernel', "The kernel's own zram beside ours.", (id) => id.startsWith('kernel/')],
  ['kit', 'What the contract asks of every backend.', (id) => id.startsWith('kit/')],
]

export function groupsOf(rows: readonly Row[]): Group[] {
  const known = kinds.map(([name, about, belongs]) => ({
    name,
    about,
    rows: rows.filter((row) => belongs(row.scenario)),
  }))
  const rest = rows.filter(({ scenario }) => !kinds.some(([, , belongs]) => belongs(scenario)))
  return [
    ...known,
    { name: 'others', about: 'Whether a backend is there at all, and in which forms.', rows: rest },
  ].filter((group) => group.rows.length > 0)
}

/** Rows of one line of the matrix, by its label. */
export function byLabel(rows: readonly Row[]): Map<string, Row[]> {
  const lines = new Map<string, Row[]>()
  for (const row of rows) {
    const label = labelOf(row)
    const line = lines.get(label)
    if (line) line.push(row)
    else lines.set(label, [row])
  }
  return lines
}

export function backendsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ backend }) => backend))]
}
