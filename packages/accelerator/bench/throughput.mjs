// Pages per second with one engine and a main thread that works along, against software alone, on the pages of a file.
// node bench/throughput.mjs [--pages FILE] [--mib 128] [--rounds 5] [--engines 1] [--inflight 16] [--qd 8]
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { cpuUsage } from 'node:process'
import { parseArgs } from 'node:util'
import { accelerate, accelerator, checkAcceleratorLaws } from '@zcomp/accelerator'
import { neverWait, Zcomp } from '@zcomp/core'
import { lz4 } from './lz4-engine.mjs'

const pageSize = 4096
const sliceMs = 0.5
const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: process.execPath },
    mib: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '5' },
    engines: { type: 'string', default: '1' },
    inflight: { type: 'string', default: '16' },
    qd: { type: 'string', default: '8' },
    spin: { type: 'string', default: '50' },
    depth: { type: 'string', default: '32' },
    requests: { type: 'string', default: '32' },
    only: { type: 'string', default: '' },
  },
})
const inFlight = Number(values.inflight)
const window = Number(values.qd) * Number(values.requests)
const file = openSync(values.pages)
const bytes = new Uint8Array(Math.min(Number(values.mib) * 2 ** 20, fstatSync(file).size))
readSync(file, bytes)
closeSync(file)
const pages = []
for (let at = 0; at + pageSize <= bytes.length; at += pageSize) {
  const page = bytes.subarray(at, at + pageSize)
  if (page.some((byte) => byte !== page[0])) pages.push(page)
}

// Where results go, as a pool of compressed pages would take them.
const store = new Uint8Array(window * pageSize)
let sum = 0
const keep = (buffer, wrote, at) => {
  if (wrote > 0 && wrote < 3625) store.set(buffer.subarray(0, wrote), (at % window) * pageSize)
  sum += wrote > 0 ? wrote : pageSize
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** `most`: pages with the engines at a time. `assist`: main compresses the others. Keeps `window` pages outstanding. */
async function run(streams, most, assist) {
  let out = 0
  let managed = 0
  let wakeUp
  const own = zcomp.getStream()
  let slice = performance.now()
  let oldest = 0
  const done = new Uint8Array(pages.length)
  for (let i = 0; i < pages.length; ) {
    const page = pages[i]
    const got = out < most && i - oldest < window ? streams.getStream() : 'policy'
    if (typeof got !== 'string') {
      got.src.set(page)
      out++
      managed++
      const at = i++
      void got.compress(pageSize).then((wrote) => {
        keep(got.buffer, wrote, at)
        streams.putStream ? streams.putStream(got) : got.release()
        out--
        done[at] = 1
        wakeUp?.()
      })
    } else if (assist) {
      own.input.set(page)
      keep(own.buffer, own.compress(0, pageSize), i)
      done[i++] = 1
      streams.commit()
      await null
    } else {
      streams.commit()
      await new Promise((resolve) => {
        wakeUp = resolve
      })
    }
    while (oldest < i && done[oldest]) oldest++
    if ((i & 7) === 0 && performance.now() - slice > sliceMs) {
      streams.commit()
      await turn()
      slice = performance.now()
    }
  }
  streams.commit()
  while (out > 0) {
    await new Promise((resolve) => {
      wakeUp = resolve
    })
  }
  own.release()
  return managed / pages.length
}

const pool = accelerator({
  engines: Number(values.engines),
  spinMicros: Number(values.spin),
  depth: Number(values.depth),
})
const zcomp = await Zcomp.create(
  accelerate(lz4(), { accelerator: pool }),
  { pageSize },
  { managed: { policy: neverWait() } },
)
if (!(await pool.ready())) throw new Error('no engine')
// Engines keep no process alive, and bare streams have no deadline that does.
const alive = setInterval(() => {}, 1000)
// The streams themselves, without what core does about failures: no lease, no deadline, no breaker.
const bare = await accelerate(lz4(), { accelerator: pool }).setupParams({ pageSize })
const core = zcomp.managed
await pool.ready()
const variants = [
  ['software', core, 0, true],
  [`assist, ${inFlight} in flight`, core, inFlight, true],
  [`the same, bare`, bare.managed, inFlight, true],
  ['engine only', core, 128, false],
  ['engine only, bare', bare.managed, 120, false],
]
variants.splice(0, variants.length, ...variants.filter(([name]) => name === 'software' || name.startsWith(values.only)))
const results = variants.map(() => [])
for (let round = -1; round < Number(values.rounds); round++) {
  for (const [i, [, streams, most, assist]] of variants.entries()) {
    const cpu = cpuUsage()
    const start = performance.now()
    const share = await run(streams, most, assist)
    const wall = performance.now() - start
    const { user, system } = cpuUsage(cpu)
    if (round >= 0) results[i].push({ wall, cpu: (user + system) / 1000, share })
  }
}
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]
for (const [i, [name]] of variants.entries()) {
  const ratios = results[i].map(({ wall }, round) => results[0][round].wall / wall)
  const perPage = (ms) => Math.round((ms * 1e6) / pages.length)
  console.log(
    name.padEnd(22),
    `${perPage(median(results[i].map((r) => r.wall)))} ns wall`,
    `${perPage(median(results[i].map((r) => r.cpu)))} ns cpu`,
    `${median(ratios).toFixed(2)}x [${Math.min(...ratios).toFixed(2)} ${Math.max(...ratios).toFixed(2)}]`,
    `managed ${Math.round(100 * median(results[i].map((r) => r.share)))} %`,
  )
}
const { counts, engines } = pool.stats()
console.log(`${pages.length} pages, ${sum} bytes in all; bells ${counts.bells}, wakes ${counts.wakes}`, engines[0])
console.log('laws broken:', checkAcceleratorLaws(pool.stats()).join('; ') || 'none')
clearInterval(alive)
await zcomp.close()
await bare[Symbol.asyncDispose]()
