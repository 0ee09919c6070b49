/** Outcomes as a reader sees them: a mark, a word and a colour. */
import type { Outcome, Row } from '../../row.js'
import { html, type Markup } from './markup.js'

const marks: Record<Outcome, readonly [mark: string, word: string]> = {
  held: ['✓', 'held'],
  broke: ['✗', 'BROKE'],
  waived: ['w', 'waived'],
  'not claimed': ['–', 'not claimed'],
  skipped: ['s', 'skipped'],
  missing: ['?', 'MISSING'],
}

export const outcomes: readonly Outcome[] = ['broke', 'missing', 'held', 'waived', 'not claimed', 'skipped']

export function wordOf(outcome: Outcome): string {
  return marks[outcome][1]
}

export function markOf(outcome: Outcome): string {
  return marks[outcome][0]
}

export function classOf(outcome: Outcome): string {
  return outcome === 'not claimed' ? 'o-not' : `o-${outcome}`
}

export function withWord(outcome: Outcome): Markup {
  return html`<span class="${classOf(outcome)}"><span aria-hidden="true">${markOf(outcome)}</span> ${wordOf(outcome)}</span>`
}

/** `3 BROKE, 40 held`, those that nobody wants first. */
export function countsOf(rows: readonly Row[]): string {
  return outcomes
    .map((outcome) => [rows.filter((row) => row.outcome === outcome).length, wordOf(outcome)] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ')
}
