import { createHook } from 'node:async_hooks'
import { neverWait, virtualRuntime, Zcomp, type ZcompOps } from '@zcomp/core'
import { mustEqual, mustHold } from '../broken.js'
import { withSetup } from '../faults.js'
import type { OpenOptions, Scenario, Setting } from '../scenario.js'

const policy = neverWait()

export const managedUnsupported: Scenario = {
  id: 'managed/unsupported',
  claim:
    'Where a backend has no managed streams, a preference for them costs no promise and no look for a stream per page, and the reason is unsupported.',
  modes: ['software'],
  async run(setting) {
    const { ops, sample } = setting
    const bytes = sample(256)
    let looks = 0
    const watched = watching(ops, () => looks++)
    const { promises: without } = await writeCounted(setting, bytes, { managed: 'none' })
    const { promises, device, looked } = await writeCounted(
      setting,
      bytes,
      { ops: watched, managed: { policy, trace: 256 } },
      () => looks,
    )
    mustEqual('looks for a device while pages are written', looked, 0)
    mustEqual('promises, with a preference for managed streams as with none', promises, without)
    const { managed, desk } = device.stats()
    mustEqual('managed in stats()', typeof managed === 'string' ? managed : 'counts', 'none')
    mustEqual('desk in stats()', typeof desk === 'string' ? desk : 'a desk', 'none')
    mustEqual('traced pages', device.trace().length, 0)
    mustHold('what was written', device.readSync(0, bytes.length), bytes)
    await reasonOf(watched)
  },
}

async function reasonOf(ops: ZcompOps): Promise<void> {
  const zcomp = await Zcomp.create(ops, { pageSize: 4096 }, { managed: { policy } })
  const got = zcomp.getManagedStream()
  mustEqual('what getManagedStream answers', typeof got === 'string' ? got : 'a stream', 'unsupported')
  await zcomp.close()
}

/** `look` is called whenever somebody asks a setup for its streams. */
function watching(ops: ZcompOps, look: () => void): ZcompOps {
  return withSetup(ops, (setup) => ({
    createCtx: () => setup.createCtx(),
    get managed() {
      look()
      return 'none' as const
    },
    [Symbol.asyncDispose]: () => setup[Symbol.asyncDispose](),
  }))
}

interface Counted {
  readonly device: Awaited<ReturnType<Setting['open']>>
  readonly promises: number
  readonly looked: number
}

/** Writes in virtual time, where the same write makes the same promises each time: no page takes any time. */
async function writeCounted(
  { open, seed }: Setting,
  bytes: Uint8Array,
  options: OpenOptions,
  looks: () => number = () => 0,
): Promise<Counted> {
  const runtime = virtualRuntime(seed)
  const device = await open({ ...options, disksize: bytes.length, runtime })
  const before = looks()
  let promises = 0
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') promises++
    },
  })
  hook.enable()
  try {
    await runtime.settle(device.write(0, bytes))
  } finally {
    hook.disable()
  }
  return { device, promises, looked: looks() - before }
}
