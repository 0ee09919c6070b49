/** A device that was full once is left alone until it has worked a full queue off. */
import { type ManagedPolicy, policy } from './policy.js'

/**
 * After a refusal for want of streams, software takes the pages until as many requests have ended as were in flight then (or none is left
 * in flight). It keeps a device at its limit from flapping between two paths page by page.
 */
export function busyHysteresis(): ManagedPolicy {
  return policy('busy-hysteresis', (view) => {
    let left = 0
    return {
      admit() {
        if (view.inFlight === 0) left = 0
        return left > 0 ? 'policy' : 'go'
      },
      refused(reason) {
        if (reason === 'exhausted') left = view.inFlight
        return reason
      },
      answered() {
        if (left > 0) left--
      },
    }
  })
}
