import { describe, expect, it } from 'vitest'
import { BatchDevice } from '../src/fakes/index.js'
import { allCases, faultCases, judge } from '../src/index.js'
import { scenarios } from '../src/managed/index.js'
import { caseOf } from '../src/managed/scenario.js'
import { faultyRigs, reference } from '../src/mutants/index.js'
import { quick } from './quick.js'

const rigOf = (name: string) => faultyRigs.find((one) => one.name === name)!.rig
/** More by hand: `ZCOMP_SEEDS=10000`, or `zcomp-conformance … --level 2 --seeds 10000`. */
const seeds = Number(process.env.ZCOMP_SEEDS ?? 4)

describe('level 2', () => {
  it('has F01 to F45, and is not run unless asked for', () => {
    const ids = Array.from({ length: 45 }, (_, i) => `F${String(i + 1).padStart(2, '0')}`)
    expect(faultCases.map(({ id }) => id)).toEqual(ids)
    expect(allCases.filter(({ level }) => level === 2)).toEqual(faultCases)
  })

  it('holds on the reference', async () => {
    const report = await judge(reference(), { level: 2, seeds: 0 })
    expect(report.cases.filter(({ verdict }) => verdict !== 'held')).toEqual([])
    expect(report.counts.held).toBe(45)
  })

  it.each(faultCases.map(({ id, claim }) => [id, claim]))('%s at random: %s', async (id) => {
    const report = await judge(quick(), { cases: [id], seeds, seed: 100 })
    expect(report.cases).toMatchObject([{ id, verdict: 'held' }])
  })

  it('judges the software of a backend that brings a device', async () => {
    const device = new BatchDevice()
    const ops = reference({ device })
    const report = await judge(ops, { cases: ['F09'], seeds: 0, import: (url) => import(url) })
    expect(report.counts.held).toBe(1)
    expect(device.counts.asked).toBe(0)
  })

  it('is not claimed, with the reason, where no block device has such pages', async () => {
    const report = await judge(quick({ min: 512, max: 2048 }), { cases: ['F01'] })
    expect(report.cases[0]).toMatchObject({ verdict: 'not-claimed', why: expect.stringContaining('caps.pageSizes') })
  })

  it.each([16384, 65536])('takes pages of %i bytes', async (size) => {
    const report = await judge(quick({ min: size, max: size }), { cases: ['F09', 'F34'], seeds: 1 })
    expect(report.counts.held).toBe(2)
  })

  it('fails on a codec whose pages do not come back', async () => {
    const ops = quick()
    const forgetful = Object.freeze({
      ...ops,
      async setupParams(params: Parameters<typeof ops.setupParams>[0]) {
        const setup = await ops.setupParams(params)
        if ('refused' in setup) return setup
        const createCtx = () => {
          const ctx = setup.createCtx()
          return {
            ...ctx,
            decompress: (src: Uint8Array, dst: Uint8Array) => ctx.decompress(src, dst) && dst.fill(0).length,
          }
        }
        return { ...setup, createCtx }
      },
    })
    const report = await judge(forgetful, { cases: ['F01', 'F35'], seeds: 0 })
    expect(report.counts.broke).toBe(2)
  })
})

describe('a random schedule that fails', () => {
  const cases = ['F24']
  const rig = rigOf('patches-outside')

  it('is made short, and is played again by the command in the report', async () => {
    const report = await judge(quick(), { cases, rig, seeds: 50, source: './quick.js' })
    const { verdict, seed, command, received = '' } = report.cases[0]!
    expect(verdict).toBe('broke')
    expect(command).toBe(`npx zcomp-conformance ./quick.js --case F24 --seed ${seed}`)
    const [, left, all] = /(\d+) of (\d+) operations are enough/.exec(received)!.map(Number)
    expect(left).toBeLessThanOrEqual(3)
    expect(left).toBeLessThan(all!)
    expect(received).toMatch(/write \d+\+\d+ content \d+/)
    const again = await judge(quick(), { cases, rig, seed, seeds: 1 })
    expect(again.cases[0]).toMatchObject({ verdict: 'broke', seed, received })
  })

  it.each(['early-flush', 'swallows-errors', 'leaks-streams', 'loses-an-answer', 'puts-at-deadline'])(
    'finds %s without a directed scenario for it',
    async (name) => {
      const id = name === 'swallows-errors' ? 'F43' : name === 'puts-at-deadline' ? 'F10' : 'F24'
      const scenario = scenarios.find((each) => each.id === id)!
      const suite = [caseOf({ ...scenario, async directed() {} })]
      const report = await judge(quick(), { suite, level: 2, rig: rigOf(name), seeds: 60 })
      expect(report.cases[0]).toMatchObject({
        verdict: 'broke',
        received: expect.stringContaining('operations are enough'),
      })
    },
  )
})
