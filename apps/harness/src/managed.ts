/** Keeping the engines of the process's accelerator at hand, so that a scenario meets a device that works and not one that starts. */
import { defaultAccelerator } from '@zcomp/accelerator'
import type { ZcompOps } from '@zcomp/core'

const startMs = 20_000

/** A device that is not up by then shows in the counters: software serves. */
export async function enginesReady(): Promise<void> {
  await defaultAccelerator().ready(startMs)
}

/** A setup of its own, so that engines are not stopped and started between two devices. */
export async function keepAwake(ops: ZcompOps): Promise<AsyncDisposable> {
  const setup = await ops.setupParams({ pageSize: Math.max(4096, ops.caps.pageSizes.min) })
  if ('refused' in setup) return { async [Symbol.asyncDispose]() {} }
  await enginesReady()
  return setup
}
