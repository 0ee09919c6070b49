import { createHook } from 'node:async_hooks'
import { defineBackend, neverWait, Zcomp, type ZcompOps } from '@zcomp/core'
import { must, mustEqual } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { compare } from './fill.js'

const pages = 256

export const managedUnsupported: Scenario = {
  id: 'managed/unsupported',
  claim:
    'Where a backend has no managed streams, a preference for them costs no promise and no look for a stream per page, and the reason is unsupported.',
  modes: ['software'],
  async run({ ops, open, sample }) {
    let looks = 0
    const watched = watching(ops, () => looks++)
    const managed = { policy: neverWait(), trace: pages }
    const bytes = sample(pages)
    const device = await open({ ops: watched, disksize: bytes.length, managed })
    const looksBefore = looks
    const promises = await promisesDuring(() => device.write(0, bytes))
    mustEqual('looks for a device while pages are written', looks - looksBefore, 0)
    // Other turns of the loop get their chance now and then, which takes a promise: one for many pages.
    must(promises < bytes.length / 4096 / 4, 'promises made for 256 pages', 'fewer than one for each four', promises)
    const { managed: counts, desk } = device.stats()
    mustEqual('managed in stats()', typeof counts === 'string' ? counts : 'counts', 'none')
    mustEqual('desk in stats()', typeof desk === 'string' ? desk : 'a desk', 'none')
    mustEqual('traced pages', device.trace().length, 0)
    await compare(device, bytes, 'with a preference for managed streams')
    await reasonOf(watched)
  },
}

async function reasonOf(ops: ZcompOps): Promise<void> {
  const zcomp = await Zcomp.create(ops, { pageSize: 4096 }, { managed: { policy: neverWait() } })
  const got = zcomp.getManagedStream()
  mustEqual('what getManagedStream answers', typeof got === 'string' ? got : 'a stream', 'unsupported')
  await zcomp.close()
}

/** `look` is called whenever somebody asks a setup for its streams. */
function watching(ops: ZcompOps, look: () => void): ZcompOps {
  return defineBackend({
    name: ops.name,
    format: ops.format,
    caps: { ...ops.caps, managed: 'none' },
    module: 'none',
    async setupParams(params) {
      const setup = await ops.setupParams(params)
      if ('refused' in setup) return setup
      return {
        createCtx: () => setup.createCtx(),
        get managed() {
          look()
          return 'none' as const
        },
        [Symbol.asyncDispose]: () => setup[Symbol.asyncDispose](),
      }
    },
  })
}

async function promisesDuring(work: () => Promise<void>): Promise<number> {
  let promises = 0
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') promises++
    },
  })
  hook.enable()
  try {
    await work()
  } finally {
    hook.disable()
  }
  return promises
}
