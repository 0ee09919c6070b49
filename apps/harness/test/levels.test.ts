import { zstd } from '@zcomp/backend-zstd'
import { mutants } from '@zcomp/conformance/mutants'
import { defineBackend, Status, type ZcompOps } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { formsOf } from '../src/forms.js'
import { kitClaims } from '../src/kit.js'
import { isSurprise, labelOf, type Row } from '../src/row.js'
import { type Run, runAll } from '../src/run.js'
import { scenarios } from '../src/scenarios/index.js'
import { workerClaims } from '../src/workers.js'
import { gatherMade } from './made-pages.js'

const named = (pattern: RegExp): string[] => kitClaims.map(({ id }) => id).filter((id) => pattern.test(id))

async function rowsOf(ops: ZcompOps, run: Partial<Run>): Promise<Row[]> {
  const rows: Row[] = []
  const all = runAll({
    subjects: [{ ops, word: ops.name }],
    kit: [],
    scenarios: [],
    pages: gatherMade(64),
    seed: 1,
    replayPages: '',
    limitMs: 20_000,
    ...run,
  })
  for await (const row of all) rows.push(row)
  return rows
}

/** A codec whose output does not come back. */
function forgetful(ops: ZcompOps): ZcompOps {
  return defineBackend({
    name: ops.name,
    format: ops.format,
    caps: ops.caps,
    module: 'none',
    async setupParams(params) {
      const setup = await ops.setupParams(params)
      if ('refused' in setup) return setup
      return { ...setup, createCtx: () => ({ ...setup.createCtx(), decompress: () => Status.corrupt }) }
    },
  })
}

describe('managed streams', () => {
  it('have all their scenarios, under their own names', () => {
    const expected = Array.from({ length: 45 }, (_, i) => `F${String(i + 1).padStart(2, '0')}`)
    expect(named(/^F/)).toEqual(expected)
    expect(named(/^poc\//).length).toBeGreaterThan(10)
    expect(workerClaims.length).toBeGreaterThan(5)
  })

  it('are wrapped around a backend that has none, and taken from one that has', async () => {
    const ops = zstd()
    const forms = await formsOf(ops)
    expect(forms.software).toBe(ops)
    expect(forms.managed).toMatchObject({ caps: { managed: 'compress' }, format: ops.format })
    const wrapped = forms.managed as ZcompOps
    expect(await formsOf(wrapped)).toMatchObject({ managed: wrapped, software: { caps: { managed: 'none' } } })
    expect((await formsOf(forgetful(ops))).managed).toContain("module: 'none'")
  })

  it('hold in each scenario that is played here, and the policy of the patches loses what it loses', async () => {
    const rows = await rowsOf(zstd(), { kit: ['F04', 'F07', 'F09', 'F33', 'poc/F01', 'poc/F07', 'poc/F09'] })
    expect(rows.map(({ scenario, outcome }) => `${scenario} ${outcome}`).sort()).toEqual(
      ['F04', 'F07', 'F09', 'F33', 'poc/F01', 'poc/F07', 'poc/F09'].map((id) => `${id} held`),
    )
    expect(rows.every(({ seed }) => seed === 1)).toBe(true)
  })

  it('play more schedules when asked to, and name the one that broke', async () => {
    const [row] = await rowsOf(forgetful(zstd()), { kit: ['F01'], seeds: 2 })
    expect(row).toMatchObject({ outcome: 'broke', scenario: 'F01' })
    expect(row?.expected).toBeTypeOf('string')
    expect(row?.replay).toContain(`--scenario 'F01' --seed ${row?.seed}`)
  })

  it('send pages to engines, and say so in counters and traces', async () => {
    const latencies = new Map<string, number[]>()
    const chosen = scenarios.filter(({ id }) => id === 'device/read-back')
    const rows = await rowsOf(zstd(), { scenarios: chosen, latencies })
    expect(rows.map(labelOf)).toEqual(['device/read-back', 'device/read-back (managed)'])
    expect(rows.filter(isSurprise)).toEqual([])
    expect(rows[0]?.evidence?.paths['software no device']).toBeGreaterThan(0)
    expect(rows[0]?.evidence?.counters['managed.asked']).toBeUndefined()
    expect(rows[1]?.evidence?.paths['managed compressed']).toBeGreaterThan(0)
    expect(latencies.get('managed compressed')?.length).toBeGreaterThan(0)
  })

  it('say why there are none', async () => {
    const chosen = scenarios.filter(({ id }) => id === 'device/flush')
    const rows = await rowsOf(forgetful(zstd()), { scenarios: chosen, modes: ['managed'] })
    expect(rows).toMatchObject([{ scenario: 'backend/managed', outcome: 'not claimed' }])
  })

  it('of a broken device break a row of the contract', async () => {
    const broken = mutants.filter(({ options, caughtBy }) => !options && caughtBy === 'managed/src-kept')
    expect(broken.length).toBeGreaterThan(0)
    for (const { make } of broken) {
      const rows = await rowsOf(make(), { kit: ['kit/managed/src-kept'] })
      expect(rows).toMatchObject([{ outcome: 'broke' }])
    }
  })
})

describe('reports of the kit', () => {
  it('say where pages part, and not what they hold', async () => {
    const broken = mutants.filter(({ options, caughtBy }) => !options && caughtBy === 'round-trip/pages')
    expect(broken.length).toBeGreaterThan(0)
    const rows = await Promise.all(broken.map(({ make }) => rowsOf(make(), { kit: ['kit/round-trip/pages'] })))
    for (const { expected, received } of rows.flat()) {
      expect(`${expected} ${received}`).not.toMatch(/(\b[0-9a-f]{2} ){3}/)
      if (expected?.includes('at byte')) expect(received).toMatch(/^other bytes/)
    }
  })
})

describe('workers', () => {
  it('play a scenario of theirs with pages of the run', async () => {
    const rows = await rowsOf(zstd(), { workers: { ids: ['workers/F04'], on: () => true } })
    expect(rows).toMatchObject([{ scenario: 'workers/F04', outcome: 'held' }])
  })

  it('break a row where the backend is broken', async () => {
    const rows = await rowsOf(forgetful(zstd()), { workers: { ids: ['workers/F01'], on: () => true } })
    expect(rows).toMatchObject([{ scenario: 'workers/F01', outcome: 'broke' }])
  })
})
