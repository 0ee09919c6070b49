import { type Accelerator, accelerator } from '@zcomp/accelerator'
import { lz4 } from '@zcomp/backend-lz4'
import { ZramDevice } from '@zcomp/core'
import type { Env, Measure, Missing, Opened, Row, Sample } from '../../row.js'
import { requestBytes } from '../../work.js'
import { besideBusy } from './busy.js'
import { between, look } from './counters.js'
import { idlePass, leadIn, type Work, writePass } from './passes.js'
import type { Variant } from './variants.js'

/** Requests outstanding where there are several. */
const several = 8
/** Requests of a pass over an idle device. */
const mostIdleRequests = 250

/** lz4 and awaited writes: many outstanding, one, one now and then, and many while somebody else keeps a core busy. */
export function managedRow({ name, engines }: Variant): Row {
  const id = `managed/${name}`
  return {
    id,
    async open({ pages: { bytes }, mib }: Env): Promise<Opened | Missing> {
      const pool = engines === 'none' ? 'none' : accelerator({ engines: engines.count })
      const device = await ZramDevice.create({
        disksize: bytes.length,
        backends: [lz4({ accelerator: pool, ...(engines !== 'none' && { engineCodec: engines.codec }) })],
        managed: engines === 'none' ? 'none' : { policy: engines.policy },
      })
      if (pool !== 'none' && !(await pool.ready())) {
        const why = pool.stats().engines.map(({ state, why }) => `${state} ${why}`.trim())
        await device.close()
        return { missing: `engines do not come up: ${why.join(', ')}` }
      }
      const work = (round: number): Work => ({ device, bytes, round })
      await writePass(work(0), Math.ceil(bytes.length / requestBytes), several)
      await check(device, bytes)
      return { measures: measures(id, { device, pool, work, mib }), close: () => device.close() }
    },
  }
}

interface Setting {
  readonly device: ZramDevice
  readonly pool: Accelerator | 'none'
  readonly mib: number
  work(round: number): Work
}

function measures(id: string, { device, pool, work, mib }: Setting): Measure[] {
  const requests = (mib * 2 ** 20) / requestBytes
  const counted = (pass: (work: Work) => Promise<Sample>) => async (round: number) => {
    const before = look(device, pool)
    const sample = await pass(work(round))
    const broken = device.brokenLaws()
    if (broken.length > 0) throw new Error(`${id}: ${broken.join('; ')}`)
    return { ...sample, figures: { ...sample.figures, ...between(before, look(device, pool)) } }
  }
  const steady = (outstanding: number) => async (round: number) => {
    await leadIn(work(round), requests, outstanding)
    return counted((work) => writePass(work, requests, outstanding))(round)
  }
  return [
    { id: `${id}/8-outstanding`, runs: 'whole', run: steady(several) },
    { id: `${id}/1-outstanding`, runs: 'whole', run: steady(1) },
    { id: `${id}/idle`, runs: 'whole', run: counted((work) => idlePass(work, Math.min(mostIdleRequests, requests))) },
    { id: `${id}/busy-neighbour`, runs: 'whole', run: (round) => besideBusy(() => steady(several)(round)) },
  ]
}

/** A figure counts only where the bytes are right. */
async function check(device: ZramDevice, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += requestBytes) {
    const expected = bytes.subarray(at, at + requestBytes)
    const got = await device.read(at, expected.length)
    if (Buffer.compare(got, expected) !== 0) throw new Error(`managed writes: other bytes come back at ${at}`)
  }
}
