import { describe, expect, it } from 'vitest'
import { allCases, judge } from '../src/index.js'
import { mutants } from '../src/mutants/index.js'

const load = (url: string): Promise<unknown> => import(url)
const level1 = allCases.filter(({ level }) => level === 1)

describe('mutants', () => {
  it('are at least 25, each with a name of its own', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(25)
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  })

  it('are named by the cases that catch them, and no case is without', () => {
    const byCases = level1.flatMap(({ id, mutants }) => mutants.map((name) => `${name} ${id}`))
    const byMutants = mutants.map(({ name, caughtBy }) => `${name} ${caughtBy}`)
    expect(byCases.sort()).toEqual(byMutants.sort())
    expect(level1.filter(({ mutants }) => mutants.length === 0)).toEqual([])
  })

  it.each(mutants)('$name is caught by $caughtBy', async ({ make, caughtBy, options }) => {
    const report = await judge(make(), { ...(await options?.()), cases: [caughtBy], import: load })
    expect(report.cases).toHaveLength(1)
    expect(report.cases[0]).toMatchObject({ id: caughtBy, verdict: 'broke' })
    expect(report.ok).toBe(false)
  })
})
