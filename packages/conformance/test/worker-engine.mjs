// Builds a backend from nothing but its `module`, compresses pages, and reads those of the other thread.
import { parentPort, workerData } from 'node:worker_threads'

const { module, params, pages, compressed } = workerData
const ops = (await import(module.url))[module.factory](module.options)
const setup = await ops.setupParams(params)
const ctx = setup.createCtx()

const equal = compressed.map((bytes, i) => {
  const dst = new Uint8Array(params.pageSize)
  return ctx.decompress(bytes, dst) === dst.length && Buffer.compare(dst, pages[i]) === 0
})
const written = pages.map((page) => {
  ctx.input.set(page)
  const wrote = ctx.compress(0, page.length)
  return wrote > 0 ? ctx.buffer.slice(0, wrote) : wrote
})
ctx[Symbol.dispose]()
await setup[Symbol.asyncDispose]()
parentPort.postMessage({ format: ops.format, managed: ops.caps.managed, equal, pages: written })
