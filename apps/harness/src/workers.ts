/** Scenarios of real workers, from the accelerator's own kit, as rows beside ours. */
import { type WorkerScenario, workerScenarios } from '@zcomp/accelerator/conformance'
import type { ZcompOps } from '@zcomp/core'
import type { Claim } from './kit.js'
import { granule } from './pages/page-set.js'

const prefix = 'workers/'

export const workerClaims: readonly Claim[] = workerScenarios.map(({ id, title }) => ({
  id: prefix + id,
  claim: `On real workers: ${title}.`,
}))

/** On which backends they run unless told otherwise: one that manages its streams itself, and one that is wrapped. */
export const workersByDefault: readonly string[] = ['lz4', 'zstd']

/** Rejects with what does not hold. `bytes`: pages to send. */
export async function playOnWorkers(id: string, software: ZcompOps, bytes: Uint8Array): Promise<void> {
  const scenario = workerScenarios.find((each) => prefix + each.id === id) as WorkerScenario
  const size = Math.max(granule, software.caps.pageSizes.min)
  const pages = Array.from({ length: Math.floor(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )
  await scenario.run({ ops: software, pages })
}
