import { describe, expect, it } from 'vitest'
import { allCases, judge, pocCases } from '../src/index.js'
import { curedPoc, faultyRigs } from '../src/mutants/index.js'
import { quick } from './quick.js'

const level2 = allCases.filter(({ level }) => level === 2)
const pairs = level2.flatMap(({ id, mutants }) => mutants.map((name) => ({ id, name })))

describe('faulty front ends and devices', () => {
  it('are each named by a scenario, and no scenario is without', () => {
    expect([...new Set(pairs.map(({ name }) => name))].sort()).toEqual(faultyRigs.map(({ name }) => name).sort())
    expect(level2.filter(({ mutants }) => mutants.length === 0).map(({ id }) => id)).toEqual([])
  })

  it.each(pairs)('$name is caught by $id', async ({ id, name }) => {
    const { rig } = faultyRigs.find((one) => one.name === name)!
    const report = await judge(quick(), { cases: [id], rig, seeds: 0 })
    expect(report.cases[0]).toMatchObject({ id, verdict: 'broke' })
  })
})

describe("compat 'poc'", () => {
  it('keeps what it promises, and loses what it is known to lose', async () => {
    const report = await judge(quick(), { suite: pocCases, level: 2 })
    expect(report.cases.filter(({ verdict }) => verdict !== 'held')).toEqual([])
    expect(report.counts.held).toBeGreaterThanOrEqual(16)
  })

  it.each(pocCases.filter(({ mutants }) => mutants.length > 0))(
    '$id: a policy without the loss is told apart',
    async ({ id }) => {
      const report = await judge(quick(), { suite: pocCases, cases: [id], rig: curedPoc.rig })
      expect(report.cases[0]).toMatchObject({ id, verdict: 'broke' })
    },
  )
})
