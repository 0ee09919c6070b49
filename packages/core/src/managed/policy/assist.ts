/** The main thread compresses along with the engines, and an engine asleep is woken only for work that is worth it. */
import { atLeast, type ManagedPolicy, policy } from './policy.js'

export interface AssistOptions {
  /**
   * Pages that the device holds at most, and half as many while no more than `wakeBacklog` wait. Default 16: more would leave the main
   * thread without work, fewer leave the device without.
   */
  readonly inFlight?: number
  /** Pages that the device may hold even if fewer wait here. Default 1. */
  readonly tail?: number
  /** Pages that must be at hand before a sleeping device is woken: one more than this. Default: 128 KiB worth. */
  readonly wakeBacklog?: number
  /** Milliseconds without a page after which the device is taken to be asleep, and a new run of pages begins. Default 0.25. */
  readonly gapMs?: number
}

const wakeBytes = 128 * 1024

/**
 * Waking an engine costs more than one request is worth, so an idle device stays so (`policy`) until more pages have come in one run,
 * counted with those waiting, than `wakeBacklog`. From then on it holds up to `inFlight` pages while the main thread compresses the others
 * (`assist`). Where few wait here it holds fewer, and no more than wait: at the end of a run both end together.
 */
export function assist(options: AssistOptions = {}): ManagedPolicy {
  for (const [name, value] of Object.entries(options)) atLeast(0, `assist: ${name}`, value)
  return policy('assist', (view) => {
    const { inFlight: most = 16, tail = 1, wakeBacklog = wakeBytes / view.pageSize, gapMs = 0.25 } = options
    /** Pages of this run that have been decided on; it never matters how many more than enough they are. */
    let run = 0
    let drained = true
    let lastAt = Number.NEGATIVE_INFINITY
    const look = (backlog: number): void => {
      if (drained) {
        if (view.inFlight === 0 && view.now() - lastAt > gapMs) run = 0
        drained = false
      }
      run++
      if (backlog === 0) rest()
    }
    const rest = (): void => {
      if (drained) return
      drained = true
      lastAt = view.now()
    }
    return {
      admit(backlog) {
        look(backlog)
        const held = view.inFlight
        if (held === 0) return run + backlog > wakeBacklog ? 'go' : 'policy'
        if (held >= Math.max(tail, backlog)) return 'assist'
        return held < (backlog > wakeBacklog ? most : most / 2) ? 'go' : 'assist'
      },
      answered() {
        if (drained && view.inFlight === 0) lastAt = view.now()
      },
      rest,
    }
  })
}
