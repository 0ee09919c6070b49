import { describe, expect, it } from 'vitest'
import { measuresTable } from '../src/report.js'
import { runRounds, spread, warmUps } from '../src/rounds.js'
import type { Measure, Sample } from '../src/row.js'
import { slicesOf } from '../src/slices.js'
import { Stopwatch } from '../src/stopwatch.js'
import { repeatsOneWord, requestBytes, rotation, sourceOf } from '../src/work.js'

const sample = (ns: number, pages = 10): Sample => ({ wallNs: 2 * ns, cpuNs: ns, pages })

describe('rounds', () => {
  it('run every measure over all slices, and count all but the warm-ups', async () => {
    const runs: string[] = []
    const pages = 1025
    const slices = slicesOf(pages)
    const sliced = (id: string): Measure => ({
      id,
      runs: 'by the slice',
      run(round, { from, to }) {
        runs.push(`${id}${round} ${from}`)
        return sample(round, to - from)
      },
    })
    const whole = (id: string): Measure => ({
      id,
      runs: 'whole',
      run(round) {
        runs.push(`${id}${round}`)
        return { ...sample(round), figures: { 'p50 us': round } }
      },
    })
    const samples = await runRounds([sliced('a'), whole('w'), sliced('b')], { count: 3, pages, targets: [], said() {} })
    const rounds = [0, 1, 2, 3, 4, 5]
    expect(warmUps).toBe(3)
    expect([...runs].sort()).toEqual(
      [
        ...['a', 'b'].flatMap((id) => rounds.flatMap((round) => slices.map(({ from }) => `${id}${round} ${from}`))),
        ...rounds.map((round) => `w${round}`),
      ].sort(),
    )
    expect(samples.get('a')).toEqual([3, 4, 5].map((round) => sample(round * slices.length, pages)))
    expect(samples.get('w')?.map(({ figures }) => figures)).toEqual([3, 4, 5].map((us) => ({ 'p50 us': us })))
    expect(measuresTable(new Map([['a', [sample(10)]]]))).toMatch(/^\| a +\| 2 /m)
  })

  it('run what is of one group in stretches, in turns, once all of it has begun', async () => {
    let runs: string[] = []
    const passes: string[][] = []
    const stretched = (id: string, group: string, stretches: number): Measure => ({
      id,
      runs: 'in stretches',
      group,
      stretches,
      begin(round) {
        runs.push(`${id} begins`)
        let took = 0
        return {
          async run(nth) {
            runs.push(`${id} ${nth}`)
            took += round
          },
          end() {
            runs.push(`${id} ends`)
            if (runs.filter((run) => run.endsWith('ends')).length === 3) passes.push(runs.splice(0))
            return sample(took)
          },
        }
      },
    })
    const measures = [stretched('a', 'x', 4), stretched('c', 'y', 2), stretched('b', 'x', 4)]
    const samples = await runRounds(measures, { count: 9, pages: 1, targets: [], said() {} })
    expect(samples.get('a')).toEqual(Array.from({ length: 9 }, (_, nth) => sample(4 * (warmUps + nth))))
    expect(passes).toHaveLength(warmUps + 9)
    const orders = new Set<string>()
    for (runs of passes) {
      const x = runs.filter((run) => !run.startsWith('c'))
      expect(runs.filter((run) => run.startsWith('c'))).toEqual(['c begins', 'c 0', 'c 1', 'c ends'])
      expect([x.slice(0, 2), x.slice(-2)]).toEqual([
        ['a begins', 'b begins'],
        ['a ends', 'b ends'],
      ])
      for (let nth = 0; nth < 4; nth++) {
        const turn = x.slice(2 + 2 * nth, 4 + 2 * nth)
        orders.add(turn.map((run) => run[0]).join(''))
        expect([...turn].sort()).toEqual([`a ${nth}`, `b ${nth}`])
      }
    }
    expect([...orders].sort()).toEqual(['ab', 'ba'])
  })

  it('have a median of even and odd counts', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 })
    expect(spread([4, 1, 2, 3]).median).toBe(2.5)
  })

  it('shift contents by whole requests and stay inside', () => {
    const total = 10 * requestBytes + 4096
    for (let round = 0; round < 20; round++) {
      expect(rotation(round, total) % requestBytes).toBe(0)
      for (const at of [0, requestBytes, 10 * requestBytes]) {
        const length = Math.min(requestBytes, total - at)
        const from = sourceOf(at, length, round, total)
        expect(from).toBeGreaterThanOrEqual(0)
        expect(from + length).toBeLessThanOrEqual(total)
      }
    }
  })

  it('tell pages that one word fills', () => {
    const words = new Int32Array(4096).map((_, i) => (i < 2048 ? i & 1 : i))
    expect([0, 1024, 1536, 2048].map((start) => repeatsOneWord(words, start, 1024))).toEqual([true, true, false, false])
    words[500] = 7
    expect(repeatsOneWord(words, 0, 1024)).toBe(false)
  })

  it('add up stretches of time', () => {
    const watch = new Stopwatch()
    for (let i = 0; i < 3; i++) {
      watch.start()
      for (let x = 0; x < 1e6; x++) Math.sqrt(x)
      watch.stop()
    }
    const { wallNs, pages } = watch.took(3)
    expect(wallNs).toBeGreaterThan(0)
    expect(pages).toBe(3)
  })
})
