/** How an engine fares: whether it stands still, and when it may try again after a failure. Asked, never by timer. */
import type { HostRings } from '../rings/host.js'

/** A run of this length was a success, whatever ends it. */
const stableMs = 10_000
const firstPauseMs = 100
const longestPauseMs = 10_000

export class EngineWatch {
  /** Failures in a row. */
  failures = 0
  #startedAt = 0
  #retryAt = 0
  #seenTaken = 0
  #seenAt = 0
  #fresh = true

  started(now: number): void {
    this.#startedAt = now
    this.#fresh = true
  }

  /** Its first request after a rest: what was seen before says nothing. */
  busyAgain(): void {
    this.#fresh = true
  }

  /** Milliseconds since it was first seen with the requests that it still has. */
  stuckFor({ taken, inFlight }: HostRings, now: number): number {
    if (inFlight === 0) return 0
    if (this.#fresh || taken !== this.#seenTaken) {
      this.#fresh = false
      this.#seenTaken = taken
      this.#seenAt = now
    }
    return now - this.#seenAt
  }

  runsFor(now: number): number {
    return now - this.#startedAt
  }

  /** Each failure in a row means a longer pause; after too many it stays away. `random` spreads those that failed together. */
  ended(now: number, restarts: number, random: number): 'dead' | 'gone' {
    if (this.runsFor(now) > stableMs) this.failures = 0
    this.failures++
    const pause = Math.min(firstPauseMs * 2 ** (this.failures - 1), longestPauseMs)
    this.#retryAt = now + pause * (0.5 + random / 2)
    return this.failures > restarts ? 'gone' : 'dead'
  }

  mayRetry(now: number): boolean {
    return now >= this.#retryAt
  }
}
