import { startChild } from '../child.js'
import { compile } from '../compile.js'
import type { Env, Missing, Opened, Row } from '../row.js'

/** The C library in a tight loop: the floor. */
export function cCodecRow(name: string, level: number): Row {
  const id = `c/${name}`
  return {
    id,
    async open(env: Env): Promise<Opened | Missing> {
      const program = await compile(env, name)
      if (typeof program !== 'string') return program
      const child = await startChild(program, [env.pagesFile, String(level)])
      return {
        measures: [
          { id: `${id}/compress`, runs: 'by the slice', run: (_, { from, to }) => child.pass(`c ${from} ${to}`) },
          { id: `${id}/decompress`, runs: 'by the slice', run: (_, { from, to }) => child.pass(`d ${from} ${to}`) },
        ],
        close: () => child.close(),
      }
    },
  }
}
