/** What two threads bring if nothing is promised: how much of it a device with engines keeps is in the ratios. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { lz4 } from '@zcomp/backend-lz4'
import { granule } from '@zcomp/harness/pages'
import type { Env, Measure, Missing, Opened, Row } from '../../../row.js'
import { requestBytes } from '../../../work.js'
import { leadIn, stretchesOf, type Work, type Writable, WritePass, writePass } from '../passes.js'
import { makeMemory, viewsOf } from './layout.js'
import { Pipeline } from './pipeline.js'

const id = 'managed/bare'
const requestsOf = (bytes: number): number => Math.ceil(bytes / requestBytes)

/**
 * The same codec in main and in one engine, pages and results copied to and from shared memory, requests and answers counted. No pool, no
 * streams, no order of writes, no deadline, no check of what comes back, nothing else that can fail.
 */
export const bareRow: Row = {
  id,
  async open({ pages: { bytes }, mib }: Env): Promise<Opened | Missing> {
    const setup = await lz4({ accelerator: 'none' }).setupParams({ pageSize: granule })
    if ('refused' in setup) return { missing: `${setup.refused} ${setup.why}` }
    const ctx = setup.createCtx()
    const memory = makeMemory()
    const engine = new Worker(new URL('./engine.js', import.meta.url), { workerData: memory })
    engine.unref()
    await once(engine, 'message')
    const pipeline = new Pipeline(ctx, viewsOf(memory), bytes.length / granule)
    const work = (device: Writable, round: number): Work => ({ device, bytes, round })
    for (const device of [pipeline.unending, pipeline.oneByOne]) {
      await writePass(work(device, 0), requestsOf(bytes.length), 1)
      pipeline.kept.check(id, ctx, bytes)
    }
    const requests = requestsOf(mib * 2 ** 20)
    const measure = (group: string, device: Writable): Measure => ({
      id: `${id}/${group}`,
      runs: 'in stretches',
      group,
      stretches: stretchesOf(requests),
      async begin(round) {
        await leadIn(work(device, round), requests, 1)
        return new WritePass(work(device, round), requests, 1)
      },
    })
    return {
      measures: [measure('8-outstanding', pipeline.unending), measure('1-outstanding', pipeline.oneByOne)],
      async close() {
        await engine.terminate()
        ctx[Symbol.dispose]()
        await setup[Symbol.asyncDispose]()
      },
    }
  },
}
