import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { globMatcher } from '../src/glob.js'
import { whyNoKernelZram } from '../src/kernel/zram.js'
import { kitClaims } from '../src/kit.js'
import { loadPages } from '../src/pages/load.js'
import { isSameFilled, pageCount, pageSet, sample } from '../src/pages/page-set.js'
import { junit } from '../src/report/files.js'
import { details, matrix } from '../src/report/matrix.js'
import { progress } from '../src/report/progress.js'
import { isSurprise, type Row } from '../src/row.js'
import { scenarios } from '../src/scenarios/index.js'
import { applyWaiver, type Waiver, waivers } from '../src/waivers.js'
import { workerClaims } from '../src/workers.js'
import { gatherMade } from './made-pages.js'
import { sink } from './support.js'

const row: Row = {
  backend: 'b',
  scenario: 'device/x',
  claim: 'It holds.',
  outcome: 'broke',
  ms: 1,
  why: 'a < b',
  replay: 'again',
}
const waiver: Waiver = { backend: 'b', scenario: 'device/x', member: 'caps.dict', reason: 'none' }

describe('waivers', () => {
  it('sign off a row that broke, and name the member of the contract', () => {
    const waived = applyWaiver(row, [waiver])
    expect(waived).toMatchObject({ outcome: 'waived', why: 'caps.dict: none' })
    expect(isSurprise(waived)).toBe(false)
    expect(details([waived])).toContain('waived: caps.dict: none (b device/x)')
  })

  it('fail once they are stale, and leave other rows alone', () => {
    expect(isSurprise(applyWaiver({ ...row, outcome: 'held' }, [waiver]))).toBe(true)
    expect(applyWaiver({ ...row, backend: 'c' }, [waiver]).outcome).toBe('broke')
  })

  it('may be about one form of a backend', () => {
    const managed = [{ ...waiver, mode: 'managed' }] as const
    expect(applyWaiver({ ...row, mode: 'managed' }, managed).outcome).toBe('waived')
    expect(applyWaiver({ ...row, mode: 'software', outcome: 'held' }, managed).outcome).toBe('held')
  })

  it('name scenarios that there are', () => {
    const known = new Set([...kitClaims, ...workerClaims, ...scenarios].map(({ id }) => id))
    expect(known.size).toBeGreaterThan(100)
    expect(waivers.filter(({ scenario }) => !known.has(scenario))).toEqual([])
  })
})

describe('reports', () => {
  it('has a line per claim and a column per backend', () => {
    const rows = [
      row,
      { ...row, backend: 'c', outcome: 'held' } as Row,
      { ...row, backend: 'c', scenario: 'device/y', outcome: 'skipped' } as Row,
    ]
    expect(matrix(rows)).toBe(['          b      c', 'device/x  BROKE  held', 'device/y         skipped'].join('\n'))
  })

  it('escapes what XML would take for itself', () => {
    expect(junit([row])).toContain('message="a &lt; b"')
  })

  it('shows one line that changes on a terminal, and plain lines elsewhere', () => {
    const pipe = sink()
    const terminal = sink(true)
    for (const out of [pipe, terminal]) progress(out, 1).row({ ...row, outcome: 'held' })
    expect(pipe.text).toMatch(/^held .*\n$/)
    expect(pipe.text).not.toContain('\x1b')
    expect(terminal.text).toContain('\r\x1b[2K1/1  held')
    expect(terminal.text).not.toContain('\n')
  })
})

describe('globs', () => {
  it('know * and ?, and nothing else', () => {
    const matches = globMatcher(['device/*-back', 'a.b?'])
    expect(['device/read-back', 'a.bc', 'axbc', 'device/flush'].map(matches)).toEqual([true, true, false, false])
    expect(globMatcher([])('anything')).toBe(true)
  })
})

describe('pages', () => {
  it('are sampled the same by the same seed', () => {
    const pages = gatherMade(64)
    const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
    expect(equal(sample(pages, 16, 5), sample(pages, 16, 5))).toBe(true)
    expect(equal(sample(pages, 16, 5), sample(pages, 16, 6))).toBe(false)
    expect(equal(sample(pages, 100, 5), pages.bytes)).toBe(true)
  })

  it('know when one word fills them', () => {
    expect(isSameFilled(new Uint8Array(4096))).toBe(true)
    const page = new Uint8Array(4096)
    page[4095] = 1
    expect(isSameFilled(page)).toBe(false)
    expect(() => pageSet(new Uint8Array(100), 'x')).toThrow('less than one page')
  })

  it('are gathered once, kept, and gathered anew when asked for', async () => {
    const root = mkdtempSync(join(tmpdir(), 'pages-'))
    try {
      writeFileSync(join(root, 'a-file'), 'text '.repeat(5000))
      const choice = { root, count: 256, seed: 1, pages: undefined }
      const first = await loadPages(choice)
      expect(pageCount(first)).toBeGreaterThan(200)
      expect(first.from).toMatch(/^\d+ of a Node process's memory, [1-9]\d* of files/)
      expect((await loadPages({ ...choice, seed: 2 })).digest).toBe(first.digest)
      expect(readdirSync(join(root, '.cache', 'harness')).sort()).toEqual(['pages-256.bin', 'pages-256.bin.txt'])
      expect((await loadPages({ ...choice, pages: 'live', seed: 2 })).digest).not.toBe(first.digest)
    } finally {
      rmSync(root, { recursive: true })
    }
  })
})

describe('the kernel', () => {
  it('has no algorithm of a name that nobody gave', () => {
    expect(whyNoKernelZram('no-such')).toBeTypeOf('string')
  })
})
