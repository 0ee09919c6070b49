// Memory over many lives of a pool: three setups, an engine, some pages, all closed again. node bench/lives.mjs [lives]
import { accelerate, accelerator } from '@zcomp/accelerator'
import { neverWait, Zcomp } from '@zcomp/core'
import { lz4 } from './lz4-engine.mjs'

const lives = Number(process.argv[2] ?? 300)
const pool = accelerator()
pool.onHealth(({ engines }) => {
  for (const { state, why } of engines) if (state === 'dead' || state === 'gone') console.log(`an engine ended: ${why}`)
})
const ops = accelerate(lz4(), { accelerator: pool })
const page = new Uint8Array(4096).fill(7)
const out = new Uint8Array(8192)
for (let life = 1; life <= lives; life++) {
  const options = { managed: { policy: neverWait() } }
  const devices = await Promise.all([1, 2, 3].map((level) => Zcomp.create(ops, { pageSize: 4096, level }, options)))
  if (!(await pool.ready(30_000))) throw new Error('no engine')
  await Promise.all(devices.flatMap((device) => Array.from({ length: 10 }, () => device.compressPage(page, out))))
  await Promise.all(devices.map((device) => device.close()))
  if (life % (lives / 3) === 0) {
    const { rss, heapUsed, external } = process.memoryUsage()
    const mib = (bytes) => (bytes / 2 ** 20).toFixed(1)
    console.log(
      `life ${life}: RSS ${mib(rss)} MiB, heap ${mib(heapUsed)}, external ${mib(external)}`,
      process.getActiveResourcesInfo().join(' '),
    )
  }
}
console.log(pool.stats().counts)
