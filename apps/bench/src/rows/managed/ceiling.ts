import { pageCount } from '@zcomp/harness/pages'
import { startChild } from '../../child.js'
import { compile } from '../../compile.js'
import type { Env, Measure, Missing, Opened, Row, Took } from '../../row.js'
import { sum } from '../../slices.js'
import { requestBytes } from '../../work.js'
import { stretchesOf } from './passes.js'

const id = 'managed/c-lz4'

/** The C floor in one process, and in two at a time: what a second core can bring on this machine. Wall time includes staging, in both. */
export const ceilingRow: Row = {
  id,
  async open(env: Env): Promise<Opened | Missing> {
    const program = await compile(env, 'lz4')
    if (typeof program !== 'string') return program
    const children = await Promise.all([1, 2].map(() => startChild(program, [env.pagesFile, '1'])))
    const stretches = stretchesOf((env.mib * 2 ** 20) / requestBytes)
    const pages = pageCount(env.pages)
    const bound = (nth: number): number => Math.round((nth * pages) / stretches)
    const measure = (what: string, count: number): Measure => ({
      id: `${id}/${what}`,
      runs: 'in stretches',
      group: '8-outstanding',
      stretches,
      begin() {
        const parts: Took[] = []
        return {
          async run(nth) {
            if (bound(nth) === bound(nth + 1)) return
            const from = performance.now()
            const command = `c ${bound(nth)} ${bound(nth + 1)}`
            const took = await Promise.all(children.slice(0, count).map((child) => child.pass(command)))
            parts.push({ ...sum(took), wallNs: (performance.now() - from) * 1e6 })
          },
          end: () => sum(parts),
        }
      },
    })
    return {
      measures: [measure('one', 1), measure('two', 2)],
      async close() {
        await Promise.all(children.map((child) => child.close()))
      },
    }
  },
}
