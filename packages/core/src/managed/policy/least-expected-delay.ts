/** Whoever is expected to be done first takes the page. */
import { atLeast, type ManagedPolicy, policy } from './policy.js'

export interface LeastExpectedDelayOptions {
  /** What part of the device's average is forgotten with each page that software takes, so that a slow device is tried again. Default 1/256. */
  readonly decay?: number
}

/**
 * The device takes a page if it is expected to answer before the main thread has worked through this page and those behind it, by moving
 * averages of both. Pages go to either one until its average is known.
 */
export function leastExpectedDelay({ decay = 1 / 256 }: LeastExpectedDelayOptions = {}): ManagedPolicy {
  atLeast(0, 'leastExpectedDelay: decay', decay)
  return policy('least-expected-delay', (view) => {
    /** How much of the device's average still counts. */
    let trust = 1
    return {
      admit(backlog) {
        const { managedMs, softwareMs, inFlight } = view
        if (managedMs === 0) return inFlight === 0 || softwareMs > 0 ? 'go' : 'policy'
        if (softwareMs === 0) return 'policy'
        if (managedMs * trust * (inFlight + 1) <= softwareMs * (backlog + 1)) return 'go'
        trust *= 1 - decay
        return 'policy'
      },
      answered() {
        trust = 1
      },
    }
  })
}
