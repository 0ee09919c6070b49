/** One line that changes on a terminal; a line per row in a pipe. */
import { labelOf, type Row } from '../row.js'

export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface Progress {
  row(row: Row): void
  end(): void
}

export function progress(out: Output, total: number): Progress {
  let done = 0
  if (!out.isTTY) return { row: (row) => out.write(`${line(row)}\n`), end() {} }
  const clear = '\r\x1b[2K'
  return {
    row(row) {
      done++
      if (row.outcome === 'broke' || row.outcome === 'missing') out.write(`${clear}${line(row)}\n`)
      out.write(`${clear}${`${done}/${total}  ${line(row)}`.slice(0, (out.columns ?? 80) - 1)}`)
    },
    end: () => out.write(clear),
  }
}

function line(row: Row): string {
  const { outcome, backend, ms, why } = row
  const reason = outcome === 'held' ? '' : `  ${why}`
  return `${outcome.padEnd(11)}  ${backend.padEnd(8)}  ${labelOf(row)}  ${(ms / 1000).toFixed(2)} s${reason}`
}
