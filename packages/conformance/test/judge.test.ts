import { fileURLToPath } from 'node:url'
import { defineBackend, Status, simpleCtx } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { allCases, describeBackend, explain, formatReport, judge, makePage, selectCases } from '../src/index.js'
import { mutants, reference } from '../src/mutants/index.js'

const mutant = (name: string) => mutants.find((one) => one.name === name)!.make()

describe('judge', () => {
  it('counts what held and what was not claimed, and nothing else on a backend that is right', async () => {
    const report = await judge(reference({ bare: true }), {
      cases: ['contract/*', 'params/*'],
      import: (url) => import(url),
    })
    expect(report).toMatchObject({ backend: 'tiny-lz', format: 'tiny-lz', seed: 1, ok: true, problems: [] })
    expect(report.counts).toMatchObject({ broke: 0, waived: 0, 'stale-waiver': 0 })
    expect(report.counts.held).toBeGreaterThan(8)
    expect(report.counts['not-claimed']).toBeGreaterThan(5)
    expect(report.cases.map(({ id }) => id)).toContain('params/level-not-claimed')
  })

  it('says claim, expected, received, seed and the command that runs the case alone', async () => {
    const report = await judge(mutant('clamps-level'), {
      cases: ['params/levels-refused'],
      seed: 7,
      source: './mine.js',
    })
    expect(formatReport(report)).toContain(
      [
        'broke: params/levels-refused',
        '  claim     a level outside the claimed range is refused by name, neither clamped nor ignored',
        "  expected  setupParams({ level: 0 }) to be refused by name, { refused: 'level', why }",
        '  received  a setup, as if it were honoured',
        '  seed      7',
        '  alone     npx zcomp-conformance ./mine.js --case params/levels-refused --seed 7',
      ].join('\n'),
    )
    expect(formatReport(report)).toContain('tiny-lz (tiny-lz): 0 held, 1 broke')
  })

  it('waives a case that breaks, with the reason, and fails a waiver of one that holds', async () => {
    const waive = [{ id: 'params/levels-refused', why: 'the library clamps' }]
    const cases = ['params/levels-refused']
    const waived = await judge(mutant('clamps-level'), { cases, waive })
    expect(waived.cases[0]).toMatchObject({ verdict: 'waived', why: 'the library clamps' })
    expect(waived.ok).toBe(true)
    const stale = await judge(reference(), { cases, waive })
    expect(stale.cases[0]).toMatchObject({ verdict: 'stale-waiver', why: 'the library clamps' })
    expect(stale.ok).toBe(false)
  })

  it('fails where no case ran, a waiver names no case, or gives no reason', async () => {
    expect(await judge(reference(), { cases: ['nope'] })).toMatchObject({ ok: false, problems: ['no case ran'] })
    expect((await judge(reference(), { cases: ['managed/shape'] })).problems).toEqual(['no case ran'])
    const waive = [
      { id: 'nope', why: 'x' },
      { id: 'contract/abi', why: ' ' },
    ]
    const { problems, ok } = await judge(reference(), { cases: ['contract/name'], waive })
    expect(problems).toEqual(['waiver of unknown case "nope"', 'waiver of "contract/abi" without a reason'])
    expect(ok).toBe(false)
  })

  it('fails each case of a factory that throws', async () => {
    const report = await judge(() => Promise.reject(new Error('no GPU')), { cases: ['contract/*'] })
    expect(report).toMatchObject({ backend: 'unknown', ok: false })
    expect(report.cases.every(({ verdict, received }) => verdict === 'broke' && received?.includes('no GPU'))).toBe(
      true,
    )
  })

  it('makes the backend anew for each case where it is given a function', async () => {
    let made = 0
    const make = () => {
      made++
      return reference()
    }
    const report = await judge(make, { cases: ['contract/a*', 'contract/n*'] })
    expect(report.counts.held).toBe(2)
    expect(made).toBe(3) // One to name it.
  })

  it('gives the same report for the same seed', async () => {
    const options = { cases: ['fuzz/*'], seed: 5 }
    const one = await judge(mutant('throws-on-far-distance'), options)
    expect(await judge(mutant('throws-on-far-distance'), options)).toEqual(one)
    expect(one.cases.find(({ id }) => id === 'fuzz/decompress')?.received).toContain('index out of bounds')
  })

  it('selects by id and by pattern', () => {
    expect(selectCases(allCases, undefined).every(({ level }) => level === 1)).toBe(true)
    expect(selectCases(allCases, [], 'all')).toEqual(allCases)
    expect(selectCases(allCases, ['contract/abi', 'dict/c*']).map(({ id }) => id)).toEqual([
      'contract/abi',
      'dict/copied',
    ])
    expect(selectCases(allCases, ['contract.abi'])).toEqual([])
    expect(new Set(allCases.map(({ id }) => id)).size).toBe(allCases.length)
  })

  it('judges a backend made of two plain functions', async () => {
    const store = defineBackend({
      name: 'store',
      format: 'store',
      caps: { levels: 'none', dict: 'none', winbits: 'none', pageSizes: { min: 4096, max: 4096 }, managed: 'none' },
      module: 'none',
      async setupParams({ pageSize }) {
        const copy = (src: Uint8Array, dst: Uint8Array): number => {
          if (src.length > dst.length) return Status.noSpace
          dst.set(src)
          return src.length
        }
        return {
          managed: 'none',
          createCtx: () => simpleCtx({ pageSize, compress: copy, decompress: copy }),
          async [Symbol.asyncDispose]() {},
        }
      },
    })
    const report = await judge(store, { budget: 50 })
    const broke = report.cases.filter(({ verdict }) => verdict === 'broke').map(({ id }) => id)
    // It stores pages as they are: all that is wrong with it is that nothing becomes smaller.
    expect(broke).toEqual(['round-trip/compresses'])
  })
})

describe('describeBackend', () => {
  type Body = (...context: unknown[]) => Promise<void>

  /** A runner that remembers. */
  function runner() {
    const tests = new Map<string, Body>()
    const groups: string[] = []
    return {
      tests,
      groups,
      describe: (name: string, body: () => void) => {
        groups.push(name)
        body()
      },
      it: (name: string, body: Body) => void tests.set(name, body),
    }
  }

  it('registers a test for each case that is claimed', async () => {
    const { tests, groups, describe, it } = runner()
    describeBackend(reference(), { describe, it, cases: ['params/level*'] })
    expect(groups).toEqual(['tiny-lz conforms'])
    expect([...tests.keys()].map((name) => name.split(':')[0])).toEqual([
      'params/levels-accepted',
      'params/levels-refused',
      'params/level-default',
      'params/level-matters',
    ])
    for (const body of tests.values()) await body()
  })

  it('fails a test with all that the report says', async () => {
    const { tests, describe, it } = runner()
    const ops = mutant('clamps-level')
    describeBackend(ops, { describe, it, cases: ['params/levels-refused'] })
    const [report] = (await judge(ops, { cases: ['params/levels-refused'] })).cases
    await expect([...tests.values()][0]!()).rejects.toThrow(explain(report!))
  })

  it('fails where no case is left, and where a waiver names none', async () => {
    const none = runner()
    describeBackend(reference(), { describe: none.describe, it: none.it, cases: ['nope'] })
    await expect(none.tests.get('is judged at all')!()).rejects.toThrow('no case is left to run')
    const stray = runner()
    const waive = [{ id: 'nope', why: 'x' }]
    describeBackend(reference(), { describe: stray.describe, it: stray.it, cases: ['contract/abi'], waive })
    await expect(stray.tests.get('is judged at all')!()).rejects.toThrow('waiver of unknown case "nope"')
  })

  it('skips, with the reason, what is not claimed after all', async () => {
    const { tests, describe, it } = runner()
    describeBackend(() => reference({ bare: true }), { describe, it, cases: ['params/level-matters'] })
    const [body] = [...tests.values()]
    const skipped: (string | undefined)[] = []
    await body!({ skip: (why?: string) => skipped.push(why) })
    expect(skipped).toEqual(['not claimed'])
    await body!()
    expect(body).toHaveLength(0) // Runners that count parameters would wait for a callback.
  })

  it('reads golden pages from a folder', async () => {
    const { tests, describe, it } = runner()
    const golden = fileURLToPath(new URL('./golden/', import.meta.url))
    describeBackend(reference(), { describe, it, cases: ['interop/golden'], golden })
    expect(tests.size).toBe(1)
    for (const body of tests.values()) await body()
  })
})

describe('makePage', () => {
  it('gives pages that never change', () => {
    const text = new TextDecoder().decode(makePage('text', 48, 1))
    expect(text).toMatchInlineSnapshot(`"52744 block struct else kernel pool length 42738"`)
  })
})
