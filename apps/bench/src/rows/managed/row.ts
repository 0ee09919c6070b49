import { type Accelerator, accelerator } from '@zcomp/accelerator'
import { lz4 } from '@zcomp/backend-lz4'
import { ZramDevice } from '@zcomp/core'
import type { Env, Figures, Measure, Missing, Opened, Row, Sample } from '../../row.js'
import { requestBytes } from '../../work.js'
import { besideBusy } from './busy.js'
import { between, look } from './counters.js'
import { idlePass, leadIn, stretchesOf, type Work, WritePass, writePass } from './passes.js'
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
      return { measures: ways.map((way, i) => way(id, sites[i % sites.length] as Site)), close }
    },
  }
}

/** A device and its engines. */
interface Site {
  readonly device: ZramDevice
  readonly pool: Accelerator | 'none'
  /** Requests of a pass. */
  readonly requests: number
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
  return { device, pool, requests: Math.ceil((mib * 2 ** 20) / requestBytes), work }
}

/** Makes a measure of a way of writing. */
type Way = (row: string, site: Site) => Measure

const ways: readonly Way[] = [
  steady('8-outstanding', several),
  steady('1-outstanding', 1),
  whole('idle', (id, site, round) =>
    counted(id, site, () => idlePass(site.work(round), Math.min(mostIdleRequests, site.requests))),
  ),
  whole('busy-neighbour', (id, site, round) =>
    besideBusy(async () => {
      await leadIn(site.work(round), site.requests, several)
      return counted(id, site, () => writePass(site.work(round), site.requests, several))
    }),
  ),
]

function steady(name: string, outstanding: number): Way {
  return (row, site) => ({
    id: `${row}/${name}`,
    runs: 'in stretches',
    group: name,
    stretches: stretchesOf(site.requests),
    async begin(round) {
      await leadIn(site.work(round), site.requests, outstanding)
      const pass = new WritePass(site.work(round), site.requests, outstanding)
      const figures = since(`${row}/${name}`, site)
      return {
        run: (nth) => pass.run(nth),
        end() {
          const sample = pass.end()
          return { ...sample, figures: { ...sample.figures, ...figures() } }
        },
      }
    },
  })
}

function whole(name: string, run: (id: string, site: Site, round: number) => Promise<Sample>): Way {
  return (row, site) => {
    const id = `${row}/${name}`
    return { id, runs: 'whole', run: (round) => run(id, site, round) }
  }
}

async function counted(id: string, site: Site, pass: () => Promise<Sample>): Promise<Sample> {
  const figures = since(id, site)
  const sample = await pass()
  return { ...sample, figures: { ...sample.figures, ...figures() } }
}

/** What becomes of pages from now on, in the measure `id`. */
function since(id: string, { device, pool }: Site): () => Figures {
  const before = look(device, pool)
  return () => {
    const broken = device.brokenLaws()
    if (broken.length > 0) throw new Error(`${id}: ${broken.join('; ')}`)
    return between(before, look(device, pool))
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
