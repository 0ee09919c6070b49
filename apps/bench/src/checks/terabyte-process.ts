/** Runs by itself: arguments are the checkout, the pages and the backend. */
import { ZramDevice } from '@zcomp/core'
import { findBackends } from '@zcomp/harness/backends'
import { openPages, requestBytes } from './pages-file.js'

export interface TerabyteFigures {
  readonly createMs: number
  /** Buffers and heap, as JavaScript counts them. */
  readonly createBytes: number
  readonly createRss: number
  readonly startRss: number
  readonly filledRss: number
  readonly held: number
  readonly slots: number
  readonly discardMs: number
  readonly heldAfter: number
  readonly discardedRss: number
  readonly laterRss: number
}

const gibibyte = 2 ** 30
const [root = '', file = '', word = ''] = process.argv.slice(2)
const { backends } = await findBackends(root, [word])
const ops = backends[0]?.ops
if (!ops) throw new Error(`no backend named ${word}`)
using pages = openPages(file)
const create = (disksize: string): Promise<ZramDevice> =>
  ZramDevice.create({ disksize, algorithm: ops.name, backends: [ops] })
const counted = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers

// The first device of a process also compiles code; what the size costs shows on the second.
await (await create('1M')).close()
const [bytesBefore, rssBefore, from] = [counted(), process.memoryUsage.rss(), performance.now()]
const device = await create('1T')
const createMs = performance.now() - from
const createBytes = counted() - bytesBefore
const startRss = process.memoryUsage.rss()

const request = new Uint8Array(requestBytes)
for (let at = 0; at < gibibyte; at += requestBytes) {
  pages.read(at, request)
  await device.write(at, request)
}
const filled = device.stats()
const filledRss = process.memoryUsage.rss()
const discardFrom = performance.now()
await device.discard(0, gibibyte)
const discardMs = performance.now() - discardFrom
const discardedRss = process.memoryUsage.rss()
await new Promise((resolve) => setTimeout(resolve, 1000))
const figures: TerabyteFigures = {
  createMs,
  createBytes,
  createRss: startRss - rssBefore,
  startRss,
  filledRss,
  held: filled.mm.memUsedTotal,
  slots: filled.slotTableBytes,
  discardMs,
  heldAfter: device.stats().mm.memUsedTotal,
  discardedRss,
  laterRss: process.memoryUsage.rss(),
}
console.log(JSON.stringify(figures))
await device.close()
