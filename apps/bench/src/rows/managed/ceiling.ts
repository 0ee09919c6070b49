import { pageCount } from '@zcomp/harness/pages'
import { startChild } from '../../child.js'
import { compile } from '../../compile.js'
import type { Env, Missing, Opened, Row, Took } from '../../row.js'
import { sum } from '../../slices.js'

const id = 'managed/c-lz4'

/** The C floor in one process, and in two at a time: what a second core can bring on this machine. Wall time includes staging, in both. */
export const ceilingRow: Row = {
  id,
  async open(env: Env): Promise<Opened | Missing> {
    const program = await compile(env, 'lz4')
    if (typeof program !== 'string') return program
    const children = await Promise.all([1, 2].map(() => startChild(program, [env.pagesFile, '1'])))
    const pass = async (count: number): Promise<Took> => {
      const from = performance.now()
      const parts = await Promise.all(
        children.slice(0, count).map((child) => child.pass(`c 0 ${pageCount(env.pages)}`)),
      )
      const wallNs = (performance.now() - from) * 1e6
      return { ...sum(parts), wallNs }
    }
    return {
      measures: [
        { id: `${id}/one`, runs: 'whole', run: () => pass(1) },
        { id: `${id}/two`, runs: 'whole', run: () => pass(2) },
      ],
      async close() {
        await Promise.all(children.map((child) => child.close()))
      },
    }
  },
}
