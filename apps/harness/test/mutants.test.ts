import { allCases } from '@zcomp/conformance'
import { mutants } from '@zcomp/conformance/mutants'
import { describe, expect, it } from 'vitest'
import { isSurprise, type Row } from '../src/row.js'
import { runAll } from '../src/run.js'
import { gatherMade } from './made-pages.js'

/** Those that need no partner; what they claim is judged as any backend is. */
const alone = mutants.filter(
  ({ options, caughtBy }) => !options && allCases.some(({ id, level }) => id === caughtBy && level === 1),
)

describe('a broken backend of the kit', () => {
  it('is there', () => {
    expect(alone.length).toBeGreaterThan(20)
  })

  it.each(alone)('$name breaks the row of $caughtBy', async ({ make, caughtBy }) => {
    const rows = await rowsOf(make, `kit/${caughtBy}`)
    expect(rows).toMatchObject([{ scenario: `kit/${caughtBy}`, outcome: 'broke' }])
    expect(rows.every(isSurprise)).toBe(true)
  })
})

async function rowsOf(make: (typeof mutants)[number]['make'], id: string): Promise<Row[]> {
  const rows: Row[] = []
  const run = runAll({
    subjects: [{ ops: make(), word: 'mutant' }],
    kit: [id],
    scenarios: [],
    pages: gatherMade(8),
    seed: 1,
    replayPages: '',
    limitMs: 20_000,
  })
  for await (const row of run) rows.push(row)
  return rows
}
