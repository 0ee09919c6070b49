import { addKernelZram, whyNoKernelZram } from '@zcomp/harness/kernel'
import { granule, pageCount } from '@zcomp/harness/pages'
import { startChild } from '../child.js'
import { compile } from '../compile.js'
import type { Env, Missing, Opened, Row } from '../row.js'
import { type Slice, wholeOf } from '../slices.js'
import { requestBytes, rotation } from '../work.js'

/** The kernel's own device: hot-added, driven with O_DIRECT by a small program, removed. */
export function kernelRow(name: string): Row {
  const id = `kernel/${name}`
  return {
    id,
    async open(env: Env): Promise<Opened | Missing> {
      const why = whyNoKernelZram(name)
      if (why) return { missing: why }
      const program = await compile(env, 'block')
      if (typeof program !== 'string') return program
      const total = env.pages.bytes.length
      const device = await addKernelZram(name, total)
      try {
        const child = await startChild(program, [device.path, env.pagesFile])
        const pass =
          (kind: string, step: number) =>
          (round: number, { from, to }: Slice) =>
            child.pass(`${kind} ${step} ${rotation(round, total)} ${from} ${to}`)
        const whole = wholeOf(pageCount(env.pages))
        const first = await pass('w', requestBytes)(0, whole)
        await pass('v', requestBytes)(0, whole)
        return {
          measures: [
            { id: `${id}/write`, runs: 'by the slice', run: pass('w', requestBytes) },
            { id: `${id}/read`, runs: 'by the slice', run: pass('r', requestBytes) },
            { id: `${id}/write-4k`, runs: 'by the slice', run: pass('w', granule) },
            { id: `${id}/read-4k`, runs: 'by the slice', run: pass('r', granule) },
          ],
          facts: {
            [`${id}/held`]: Number(device.show('mm_stat').trim().split(/\s+/)[2]),
            [`${id}/first write, ns a page`]: Math.round(first.wallNs / first.pages),
          },
          async close() {
            await child.close()
            device.remove()
          },
        }
      } catch (error) {
        device.remove()
        throw error
      }
    },
  }
}
