import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ZcompOps } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { makePage, pageKinds } from '../src/index.js'

/** Workers load built files, and so does this thread, for the same `module`. */
async function built(): Promise<ZcompOps> {
  const { batchDevice } = await import('../dist/fakes/index.js')
  return batchDevice().ops
}

interface Answer {
  readonly format: string
  readonly managed: string
  readonly pages: readonly (Uint8Array | number)[]
}

describe('a backend built in a worker from its module', () => {
  it('is the software form, and both threads read what the other wrote', async () => {
    const ops = await built()
    const pages = pageKinds.map((kind) => makePage(kind, 4096, 1))
    const dict = makePage('text', 1000, 2)
    const params = { pageSize: 4096, level: 5, dict }
    const setup = await ops.setupParams(params)
    if ('refused' in setup) throw new Error(setup.why)
    const ctx = setup.createCtx()
    const ours = pages.map((page) => {
      ctx.input.set(page)
      return ctx.buffer.slice(0, ctx.compress(0, page.length))
    })

    const url = new URL('./worker-engine.mjs', import.meta.url)
    const worker = new Worker(url, { workerData: { module: ops.module, params, pages, compressed: ours } })
    const [answer] = (await once(worker, 'message')) as [Answer & { readonly equal: boolean[] }]
    await worker.terminate()

    expect(answer.format).toBe(ops.format)
    expect(ops.caps.managed).toBe('compress')
    expect(answer.managed).toBe('none')
    expect(answer.equal).toEqual(pages.map(() => true))
    for (const [i, bytes] of answer.pages.entries()) {
      if (typeof bytes === 'number') throw new Error(`page ${i} was not compressed: ${bytes}`)
      const dst = new Uint8Array(4096)
      expect(ctx.decompress(bytes, dst)).toBe(4096)
      expect(dst).toEqual(pages[i])
    }
    ctx[Symbol.dispose]()
    await setup[Symbol.asyncDispose]()
  })
})
