/** An accelerator whose workers can be killed. */
import { type Accelerator, type AcceleratorOptions, accelerator, nodeRuntime } from '@zcomp/accelerator'
import type { Runtime, WorkerHandle } from '@zcomp/core'

/** Counts of engines' lives, each of which begins with nothing, as one that only grows. */
export class LostWakeUps {
  readonly #seen: number[] = []

  /** Sleeps with work at hand that only their time limit ended, since the last call. */
  take(engines: readonly { readonly lost: number }[]): number {
    let fresh = 0
    engines.forEach(({ lost }, nth) => {
      const before = this.#seen[nth] ?? 0
      fresh += lost < before ? lost : lost - before
      this.#seen[nth] = lost
    })
    return fresh
  }
}

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
