import { describe, expect, test } from 'vitest'
import { explore, exploreRuns, layout, type Model, summary, traceText } from '../src/explorer/index.js'

/** Two threads that each read a counter and then store it plus one: the oldest race there is. */
function racers(atomic: boolean): Model<Uint8Array, number> {
  const { at, make, key } = layout({ counter: 1, step: 2, seen: 2 })
  return {
    name: atomic ? 'atomic adders' : 'racers',
    initial: make,
    key,
    actions: (s) => [0, 1].filter((thread) => s[at.step + thread]! < 2),
    apply(before, thread) {
      const s = before.slice()
      if (s[at.step + thread] === 0) s[at.seen + thread] = s[at.counter]!
      else s[at.counter] = (atomic ? s[at.counter]! : s[at.seen + thread]!) + 1
      s[at.step + thread]!++
      if (s[at.step + thread] === 2) s[at.seen + thread] = 0
      return s
    },
    isFinal: (s) => s[at.step] === 2 && s[at.step + 1] === 2,
    check: (s) => (s[at.step] === 2 && s[at.step + 1] === 2 && s[at.counter] !== 2 ? ['lost update'] : []),
    describe: (s, thread) => `thread ${thread}: ${s[at.step + thread] === 0 ? 'reads' : 'stores'}`,
    measure: (s) => ({ counter: s[at.counter]! }),
  }
}

/** A walk on numbers: `to` says where one can go. */
const walk = (to: Readonly<Record<number, readonly number[]>>, final: number): Model<number, number> => ({
  name: 'walk',
  initial: () => 0,
  actions: (s) => to[s] ?? [],
  apply: (_, next) => next,
  key: String,
  check: () => [],
  isFinal: (s) => s === final,
  describe: (s, next) => `${s} to ${next}`,
})

describe('the explorer', () => {
  test('finds a race, by a shortest way', () => {
    const done = explore(racers(false))
    expect(done.findings.map(({ kind }) => kind)).toEqual(['lost update'])
    expect(done.findings[0]!.trace).toEqual([
      'thread 0: reads',
      'thread 1: reads',
      'thread 0: stores',
      'thread 1: stores',
    ])
    expect(done).toMatchObject({ complete: true, greatest: { counter: 2 } })
    expect(traceText(done.findings[0]!)).toContain('  2  thread 1: reads')
  })

  test('finds none where there is none, having seen every state', () => {
    const done = explore(racers(true), { ends: true })
    expect(done.findings).toEqual([])
    expect([done.states, done.depth, done.complete]).toEqual([11, 4, true])
    expect(summary(done)).toContain('nothing wrong')
  })

  test('tells being stuck from going round for ever, and both from an end', () => {
    expect(explore(walk({ 0: [1, 2], 1: [2] }, 2), { ends: true }).findings).toEqual([])
    expect(explore(walk({ 0: [1, 2] }, 2)).findings).toMatchObject([{ kind: 'stuck', trace: ['0 to 1'] }])
    const round = walk({ 0: [1, 3], 1: [2], 2: [1] }, 3)
    expect(explore(round).findings).toEqual([])
    expect(explore(round, { ends: true }).findings).toMatchObject([{ kind: 'never ends', trace: ['0 to 1'] }])
  })

  test('leaves off at its bounds, and says so', () => {
    const line = walk(Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [i, [i + 1]])), 70_000)
    expect(explore(line, { maxStates: 100 })).toMatchObject({ complete: false, states: 101, findings: [] })
    const all = explore(line, { ends: true })
    expect(all).toMatchObject({ complete: true, states: 70_001, depth: 70_000, findings: [] })
    expect(explore(racers(false), { until: ['lost update'] })).toMatchObject({ complete: true })
  })
})

describe('the explorer of runs', () => {
  test('makes every sequence of choices once', async () => {
    const seen: string[] = []
    const done = await exploreRuns(async (choose) => {
      const first = choose(['a', 'b'])
      seen.push(first + choose(first === 'a' ? ['1', '2', '3'] : ['4']))
    })
    expect(seen).toEqual(['a1', 'a2', 'a3', 'b4'])
    expect(done).toEqual({ runs: 4, choices: 8, depth: 2, complete: true, findings: [] })
  })

  test('finds the run that throws, and a shortest of them', async () => {
    const done = await exploreRuns(async (choose) => {
      for (let i = 0; i < 4; i++) if (choose(['on', 'break']) === 'break' && i > 0) throw new Error('broken')
    })
    expect(done.findings).toMatchObject([{ kind: 'broken', trace: ['on', 'break'] }])
    expect(await exploreRuns(async (choose) => void choose(['x', 'y']), { maxRuns: 1 })).toMatchObject({
      complete: false,
    })
  })
})
