/** An accelerator whose workers can be killed. */
import { type Accelerator, type AcceleratorOptions, accelerator, nodeRuntime } from '@zcomp/accelerator'
import type { Runtime, WorkerHandle } from '@zcomp/core'

export interface Engines {
  readonly pool: Accelerator
  /** Workers killed so far. */
  readonly kills: number
  /** Ends a worker without telling anybody. False where none runs. */
  kill(pick: (from: readonly WorkerHandle[]) => WorkerHandle): boolean
}

export function engines(options: Partial<AcceleratorOptions>): Engines {
  const alive = new Set<WorkerHandle>()
  const runtime: Runtime = {
    ...nodeRuntime,
    spawn(spec) {
      const worker: WorkerHandle = nodeRuntime.spawn({
        ...spec,
        onExit(error) {
          alive.delete(worker)
          spec.onExit(error)
        },
      })
      alive.add(worker)
      return worker
    },
  }
  let kills = 0
  return {
    pool: accelerator({ ...options, runtime }),
    get kills() {
      return kills
    },
    kill(pick) {
      if (alive.size === 0) return false
      kills++
      void pick([...alive]).terminate()
      return true
    },
  }
}
