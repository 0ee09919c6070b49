/** Policies of a line or two each. */
import { atLeast, type ManagedPolicy, policy } from './policy.js'

/** Managed whenever there is a stream, software whenever there is none: what the kernel patches for managed streams do. */
export function neverWait(): ManagedPolicy {
  return policy('never-wait', () => ({}))
}

/**
 * The patches' other rule, by name: only asynchronous requests go to a device. It needs no code, since a synchronous call never asks for
 * a managed stream whatever the policy; those pages count as `sync`.
 */
export function asyncOnly(): ManagedPolicy {
  return { ...neverWait(), name: 'async-only' }
}

/** Waits up to `ms` milliseconds for a stream where `inner` finds none for now; then software. */
export function waitUpTo(ms: number, inner: ManagedPolicy = neverWait()): ManagedPolicy {
  atLeast(0, 'waitUpTo: ms', ms)
  return {
    ...inner,
    name: `wait-up-to(${ms}) ${inner.name}`,
    start(view) {
      const run = inner.start(view)
      return {
        ...run,
        refused: (reason, waitedMs) =>
          waitedMs < ms && (reason === 'exhausted' || reason === 'starting' || reason === 'quota')
            ? 'wait'
            : run.refused(reason, waitedMs),
      }
    },
  }
}

/** Software once the device holds `n` pages of this desk. */
export function queueThreshold(n: number): ManagedPolicy {
  atLeast(0, 'queueThreshold: n', n)
  return policy(`queue-threshold(${n})`, (view) => ({ admit: () => (view.inFlight < n ? 'go' : 'policy') }))
}

/** At most `n` pages of this desk with the device, so that other desks find streams too. */
export function quota(n: number, inner: ManagedPolicy = neverWait()): ManagedPolicy {
  atLeast(0, 'quota: n', n)
  return {
    ...inner,
    name: `quota(${n}) ${inner.name}`,
    start(view) {
      const run = inner.start(view)
      return { ...run, admit: (backlog) => (view.inFlight < n ? run.admit(backlog) : 'quota') }
    },
  }
}

/** Wakes an idle device for `n` pages or more; one that is at work takes any. */
export function minimumBatch(n: number): ManagedPolicy {
  atLeast(1, 'minimumBatch: n', n)
  return policy(`minimum-batch(${n})`, (view) => ({
    admit: (backlog) => (view.inFlight > 0 || backlog + 1 >= n ? 'go' : 'policy'),
  }))
}

/**
 * Managed or an error, for measuring a device: waits for a stream as long as the desk allows (its deadline), redoes nothing, and fails
 * the page where the device does not compress it.
 */
export function strict(): ManagedPolicy {
  const waiting = waitUpTo(Number.POSITIVE_INFINITY)
  return { ...waiting, name: 'strict', fallback: 'none' }
}
