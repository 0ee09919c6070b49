/** Reports for machines. Neither holds a byte of a page. */
import { labelOf, type Row } from '../row.js'

export interface RunFacts {
  readonly seed: number
  /** Where the pages come from. */
  readonly pages: string
  readonly pageCount: number
  readonly pagesDigest: string
  readonly node: string
  readonly platform: string
}

export function json(facts: RunFacts, rows: readonly Row[]): string {
  return `${JSON.stringify({ ...facts, rows: rows.map(({ timeline: _, ...row }) => row) }, undefined, 2)}\n`
}

/** A test suite per backend, a test case per claim. */
export function junit(rows: readonly Row[]): string {
  const backends = [...new Set(rows.map(({ backend }) => backend))]
  const suites = backends.map((backend) => {
    const cases = rows.filter((row) => row.backend === backend)
    const failures = cases.filter(isFailure).length
    const skipped = cases.filter(isSkipped).length
    const head = `<testsuite name="${escapeXml(backend)}" tests="${cases.length}" failures="${failures}" skipped="${skipped}">`
    return [head, ...cases.map(testCase), '</testsuite>'].join('\n')
  })
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join('\n')
}

function testCase(row: Row): string {
  const head = `<testcase classname="${escapeXml(row.backend)}" name="${escapeXml(labelOf(row))}" time="${(row.ms / 1000).toFixed(3)}"`
  if (isFailure(row)) {
    const text = [row.claim, `expected: ${row.expected}`, `received: ${row.received}`, row.replay].join('\n')
    return `${head}><failure message="${escapeXml(row.why ?? '')}">${escapeXml(text)}</failure></testcase>`
  }
  return isSkipped(row)
    ? `${head}><skipped message="${escapeXml(`${row.outcome}: ${row.why}`)}"/></testcase>`
    : `${head}/>`
}

function isFailure({ outcome }: Row): boolean {
  return outcome === 'broke' || outcome === 'missing'
}

function isSkipped({ outcome }: Row): boolean {
  return outcome === 'skipped' || outcome === 'waived' || outcome === 'not claimed'
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char)
}
