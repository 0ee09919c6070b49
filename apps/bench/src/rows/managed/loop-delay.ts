import { createHistogram } from 'node:perf_hooks'

/** Milliseconds between two looks. */
const everyMs = 1

/**
 * How late the event loop is, by a timer that should come every millisecond; in stretches. Node's own monitor does not bear to be stopped
 * and started again: it takes the time between for a delay.
 */
export class LoopDelay {
  /** In nanoseconds, and one more, since a histogram knows no 0. */
  readonly #late = createHistogram()
  #timer: NodeJS.Timeout | undefined
  #last = 0

  start(): void {
    this.#last = performance.now()
    this.#timer = setInterval(() => this.#look(), everyMs)
  }

  /** A delay that still lasts counts too. */
  stop(): void {
    this.#look()
    clearInterval(this.#timer)
  }

  #look(): void {
    const now = performance.now()
    this.#late.record(1 + Math.max(0, Math.round((now - this.#last - everyMs) * 1e6)))
    this.#last = now
  }

  /** Milliseconds that a hundredth of the looks came later than. */
  get p99(): number {
    return (this.#late.percentile(99) - 1) / 1e6
  }

  get most(): number {
    return (this.#late.max - 1) / 1e6
  }
}
