import { addKernelZram, whyNoKernelZram } from '@zcomp/harness/kernel'
import { granule } from '@zcomp/harness/pages'
import { startChild } from '../child.js'
import { compile } from '../compile.js'
import type { Env, Missing, Opened, Row } from '../row.js'
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
        const first = await child.pass(`w ${requestBytes} 0`)
        await child.pass(`v ${requestBytes} 0`)
        const pass = (kind: string, step: number) => (round: number) =>
          child.pass(`${kind} ${step} ${rotation(round, total)}`)
        return {
          measures: [
            { id: `${id}/write`, run: pass('w', requestBytes) },
            { id: `${id}/read`, run: pass('r', requestBytes) },
            { id: `${id}/write-4k`, run: pass('w', granule) },
            { id: `${id}/read-4k`, run: pass('r', granule) },
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
