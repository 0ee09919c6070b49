import { startChild } from '../../child.js'
import { compile } from '../../compile.js'
import type { Env, Missing, Opened, Row, Sample } from '../../row.js'

const id = 'managed/c-lz4'

/** The C floor in one process, and in two at a time: what a second core can bring on this machine. Wall time includes staging, in both. */
export const ceilingRow: Row = {
  id,
  async open(env: Env): Promise<Opened | Missing> {
    const program = await compile(env, 'lz4')
    if (typeof program !== 'string') return program
    const children = await Promise.all([1, 2].map(() => startChild(program, [env.pagesFile, '1'])))
    const pass = async (count: number): Promise<Sample> => {
      const from = performance.now()
      const samples = await Promise.all(children.slice(0, count).map((child) => child.pass('c')))
      const wallNs = (performance.now() - from) * 1e6
      const sum = (of: (sample: Sample) => number): number => samples.reduce((total, sample) => total + of(sample), 0)
      return { wallNs, cpuNs: sum(({ cpuNs }) => cpuNs), pages: sum(({ pages }) => pages) }
    }
    return {
      measures: [
        { id: `${id}/one`, run: () => pass(1) },
        { id: `${id}/two`, run: () => pass(2) },
      ],
      async close() {
        await Promise.all(children.map((child) => child.close()))
      },
    }
  },
}
