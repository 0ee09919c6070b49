/** A report in words. */
import type { CaseReport, Report } from './types.js'

const failures: ReadonlySet<string> = new Set(['broke', 'stale-waiver'])

export function isFailure({ verdict }: CaseReport): boolean {
  return failures.has(verdict)
}

/** All that an author needs to find the mistake: claim, expected, received, seed, command. */
export function explain(one: CaseReport): string {
  const lines = [`${one.verdict}: ${one.id}`, `  claim     ${one.claim}`]
  if (one.why !== undefined) lines.push(`  why       ${one.why}`)
  if (one.expected !== undefined) lines.push(`  expected  ${one.expected}`)
  if (one.received !== undefined) lines.push(`  received  ${one.received}`)
  lines.push(`  seed      ${one.seed}`, `  alone     ${one.command}`)
  return lines.join('\n')
}

/** Failures and waivers in full, then one line of counts. */
export function formatReport(report: Report): string {
  const told = report.cases.filter((one) => isFailure(one) || one.verdict === 'waived')
  const { held, broke, waived, 'stale-waiver': stale, 'not-claimed': not } = report.counts
  const counts = `${held} held, ${broke} broke, ${waived} waived, ${stale} stale waivers, ${not} not claimed`
  return [
    ...told.map(explain),
    ...report.problems.map((problem) => `problem: ${problem}`),
    `${report.backend} (${report.format}): ${counts}`,
  ].join('\n')
}
