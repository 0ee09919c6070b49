/**
 * Every run of something that can be neither copied nor compared, such as a device with promises in flight: it is begun anew for each
 * sequence of choices. Slower than `explore`, and asks nothing of what it runs but that equal choices make equal runs.
 */
import type { Finding } from './model.js'

/** Picks one of what could come next. */
export type Choose = (ways: readonly string[]) => string

export interface RunsOptions {
  /** Gives up after so many. Default 1,000,000. */
  readonly maxRuns?: number
}

export interface Runs {
  readonly runs: number
  /** Choices made, in all runs. */
  readonly choices: number
  /** Most choices in one run. */
  readonly depth: number
  readonly complete: boolean
  /** Runs that threw; one of each message. */
  readonly findings: readonly Finding[]
}

/** Runs `run` for every sequence of choices. What it throws is what is wrong. */
export async function exploreRuns(run: (choose: Choose) => Promise<void>, options: RunsOptions = {}): Promise<Runs> {
  const { maxRuns = 1_000_000 } = options
  const findings = new Map<string, Finding>()
  let prefix: number[] = []
  let runs = 0
  let choices = 0
  let depth = 0
  for (;;) {
    const made: { readonly way: number; readonly of: number; readonly text: string }[] = []
    const choose: Choose = (ways) => {
      const way = prefix[made.length] ?? 0
      const text = ways[way]
      if (text === undefined) throw new Error('not the same run again: there are fewer ways than there were')
      made.push({ way, of: ways.length, text })
      return text
    }
    try {
      await run(choose)
    } catch (error) {
      const kind = error instanceof Error ? error.message : String(error)
      const known = findings.get(kind)
      if (!known || known.trace.length > made.length) {
        findings.set(kind, { kind, trace: made.map(({ text }) => text), states: runs + 1 })
      }
    }
    runs++
    choices += made.length
    depth = Math.max(depth, made.length)
    // The last choice that could have been another one is, next time.
    while (made.length > 0 && made.at(-1)!.way + 1 === made.at(-1)!.of) made.pop()
    const last = made.pop()
    if (last) prefix = [...made.map(({ way }) => way), last.way + 1]
    if (!last || runs === maxRuns) return { runs, choices, depth, complete: !last, findings: [...findings.values()] }
  }
}
