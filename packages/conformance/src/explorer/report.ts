/** An exploration as text. */
import type { Exploration, Finding } from './model.js'

/** One line: what was explored, how far, and which kinds of wrong there are. */
export function summary(done: Exploration): string {
  const { model, states, transitions, depth, complete, findings, greatest } = done
  const numbers = Object.entries(greatest).map(([name, value]) => `most ${name} ${value}`)
  const wrong = findings.map(({ kind, trace }) => `${kind} (${trace.length} steps)`)
  return [
    `${model}: ${states.toLocaleString('en')} states, ${transitions.toLocaleString('en')} steps, depth ${depth}`,
    complete ? 'all of them' : 'not all of them',
    ...numbers,
    wrong.length > 0 ? `found: ${wrong.join(', ')}` : 'nothing wrong',
  ].join('; ')
}

/** A finding as numbered steps. */
export function traceText({ kind, trace }: Finding): string {
  return [`${kind}:`, ...trace.map((step, i) => `${String(i + 1).padStart(3)}  ${step}`)].join('\n')
}
