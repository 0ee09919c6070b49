/** Runs by itself: arguments are the checkout, the pages and the backend. */
import { ZramDevice } from '@zcomp/core'
import { findBackends } from '@zcomp/harness/backends'
import { openPages, requestBytes } from './pages-file.js'

export interface FillFigures {
  readonly bytes: number
  /** Requests that did not come back equal. */
  readonly differ: number
  readonly held: number
  readonly slots: number
  readonly rssAtStart: number
  readonly rss: number
  readonly peak: number
}

const [root = '', file = '', word = ''] = process.argv.slice(2)
const { backends } = await findBackends(root, [word])
const ops = backends[0]?.ops
if (!ops) throw new Error(`no backend named ${word}`)
using pages = openPages(file)
const rssAtStart = process.memoryUsage.rss()
const device = await ZramDevice.create({ disksize: pages.length, algorithm: ops.name, backends: [ops] })
const expected = new Uint8Array(requestBytes)
for (let at = 0; at < pages.length; at += requestBytes) {
  const request = expected.subarray(0, Math.min(requestBytes, pages.length - at))
  pages.read(at, request)
  await device.write(at, request)
}
let differ = 0
const got = new Uint8Array(requestBytes)
for (let at = 0; at < pages.length; at += requestBytes) {
  const length = Math.min(requestBytes, pages.length - at)
  pages.read(at, expected.subarray(0, length))
  await device.read(at, got.subarray(0, length))
  if (Buffer.compare(got.subarray(0, length), expected.subarray(0, length)) !== 0) differ++
}
const { mm, slotTableBytes } = device.stats()
const figures: FillFigures = {
  bytes: pages.length,
  differ,
  held: mm.memUsedTotal,
  slots: slotTableBytes,
  rssAtStart,
  rss: process.memoryUsage.rss(),
  peak: process.resourceUsage().maxRSS * 1024,
}
console.log(JSON.stringify(figures))
await device.close()
