import { describe, expect, test } from 'vitest'
import { explore, summary, traceText } from '../src/explorer/index.js'
import { exploreDefect, knownDefects, pocModel } from '../src/poc/index.js'

describe("the kernel patches' accelerator", () => {
  test.each(knownDefects)('$id: $title', (defect) => {
    const done = exploreDefect(defect)
    console.log(`${defect.id}  ${summary(done)}`)
    const found = done.findings.map(({ kind }) => kind)
    expect(found).toEqual(expect.arrayContaining([...defect.kinds]))
    expect([...defect.kinds, ...defect.besides]).toEqual(expect.arrayContaining(found))
    for (const finding of done.findings) {
      if (!defect.kinds.includes(finding.kind)) continue
      expect(finding.trace.length).toBeGreaterThan(5)
      if (defect.kinds.length === 1) console.log(traceText(finding))
    }
  })

  test('W1: the way to the mutex that stays locked is one set-up, one reset, and one set-up', () => {
    const { findings, complete } = exploreDefect(knownDefects[0]!)
    expect(findings).toHaveLength(1)
    expect(complete).toBe(true)
    const { trace } = findings[0]!
    expect(trace.filter((step) => step.includes('takes the global mutex'))).toHaveLength(1)
    expect(trace.at(-1)).toContain('returns with the mutex still held')
  })

  test('W2: what is owed grows with the requests', () => {
    const owed = [1, 2, 3].map((rounds) => {
      const done = explore(pocModel({ writers: 2, rounds }))
      expect(done.complete).toBe(true)
      return done.greatest['wake-ups owed']
    })
    expect(owed).toEqual([1, 2, 3])
  })

  test('W4 does not exist with one worker: no request is lost or served twice, in any interleaving', () => {
    const sizes = [
      { writers: 2, rounds: 3 },
      { writers: 3, rounds: 1, streams: 3, contexts: 3, depth: 3 },
      { writers: 3, rounds: 1, streams: 2, contexts: 2, depth: 2 },
    ]
    for (const size of sizes) {
      const done = explore(pocModel(size), { ends: true })
      console.log(`one worker  ${summary(done)}`)
      expect(done.complete).toBe(true)
      expect(done.states).toBeGreaterThan(5000)
      const others = done.findings.filter(
        ({ kind }) => kind !== 'more wake-ups than requests' && kind !== 'refused with a stream in hand',
      )
      expect(others).toEqual([])
    }
  })
})
