import { type Accelerator, accelerator } from '@zcomp/accelerator'
import { lz4 } from '@zcomp/backend-lz4'
import { ZramDevice } from '@zcomp/core'
import type { Env, Measure, Missing, Opened, Row, Sample } from '../../row.js'
import { requestBytes } from '../../work.js'
import { besideBusy } from './busy.js'
import { between, look } from './counters.js'
import { idlePass, leadIn, type Work, writePass } from './passes.js'
import type { Engines, Variant } from './variants.js'

/** Requests outstanding where there are several. */
const several = 8
/** Requests of a pass over an idle device. */
const mostIdleRequests = 250

/** lz4 and awaited writes: many outstanding, one, one now and then, and many while somebody else keeps a core busy. */
export function managedRow({ name, engines, learns }: Variant): Row {
  const id = `managed/${name}`
  return {
    id,
    async open(env: Env): Promise<Opened | Missing> {
      const sites: Site[] = []
      const close = async (): Promise<void> => {
        await Promise.all(sites.map(({ device }) => device.close()))
      }
      for (let left = learns ? ways.length : 1; left > 0; left--) {
        const site = await openSite(engines, env)
        if ('missing' in site) {
          await close()
          return site
        }
        sites.push(site)
      }
      return { measures: ways.map((way, i) => measure(id, way, sites[i % sites.length] as Site)), close }
    },
  }
}

/** A device and its engines. */
interface Site {
  readonly device: ZramDevice
  readonly pool: Accelerator | 'none'
  readonly mib: number
  work(round: number): Work
}

async function openSite(engines: Engines | 'none', { pages: { bytes }, mib }: Env): Promise<Site | Missing> {
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
  return { device, pool, mib, work }
}

/** A way of writing so many requests. */
interface Way {
  readonly name: string
  run(site: Site, requests: number, counted: Counted, round: number): Promise<Sample>
}

type Counted = (pass: (work: Work) => Promise<Sample>) => Promise<Sample>

const ways: readonly Way[] = [
  { name: '8-outstanding', run: steady(several) },
  { name: '1-outstanding', run: steady(1) },
  {
    name: 'idle',
    run: (_site, requests, counted) => counted((work) => idlePass(work, Math.min(mostIdleRequests, requests))),
  },
  { name: 'busy-neighbour', run: (...how) => besideBusy(() => steady(several)(...how)) },
]

function steady(outstanding: number): Way['run'] {
  return async (site, requests, counted, round) => {
    await leadIn(site.work(round), requests, outstanding)
    return counted((work) => writePass(work, requests, outstanding))
  }
}

function measure(row: string, way: Way, site: Site): Measure {
  const { device, pool, mib, work } = site
  const id = `${row}/${way.name}`
  return {
    id,
    runs: 'whole',
    run: (round) =>
      way.run(
        site,
        (mib * 2 ** 20) / requestBytes,
        async (pass) => {
          const before = look(device, pool)
          const sample = await pass(work(round))
          const broken = device.brokenLaws()
          if (broken.length > 0) throw new Error(`${id}: ${broken.join('; ')}`)
          return { ...sample, figures: { ...sample.figures, ...between(before, look(device, pool)) } }
        },
        round,
      ),
  }
}

/** A figure counts only where the bytes are right. */
async function check(device: ZramDevice, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += requestBytes) {
    const expected = bytes.subarray(at, at + requestBytes)
    const got = await device.read(at, expected.length)
    if (Buffer.compare(got, expected) !== 0) throw new Error(`managed writes: other bytes come back at ${at}`)
  }
}
