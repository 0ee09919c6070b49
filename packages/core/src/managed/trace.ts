/** The last pages, one by one: which way each went, why, and how long it took. */
import type { FallbackReason, ManagedOutcome } from './counts.js'

export interface TraceEntry {
  /** As whoever asked numbers his pages; -1 where he did not say. */
  page: number
  via: 'managed' | 'software'
  /** Why there was no stream, or how the request ended. */
  reason: FallbackReason | ManagedOutcome
  /** Microseconds from submission to its end, or waited for a stream in vain. */
  us: number
}

/** A ring that is filled in place, so that tracing allocates nothing. */
export class Trace {
  readonly #ring: TraceEntry[]
  #next = 0

  constructor(length: number) {
    this.#ring = Array.from({ length }, () => ({ page: -1, via: 'software', reason: 'policy', us: 0 }))
  }

  note(page: number, via: TraceEntry['via'], reason: TraceEntry['reason'], ms: number): void {
    const entry = this.#ring[this.#next++ % this.#ring.length] as TraceEntry
    entry.page = page
    entry.via = via
    entry.reason = reason
    entry.us = ms * 1000
  }

  /** Copies, oldest first. */
  entries(): TraceEntry[] {
    const { length } = this.#ring
    const from = Math.max(0, this.#next - length)
    return Array.from({ length: this.#next - from }, (_, i) => ({ ...(this.#ring[(from + i) % length] as TraceEntry) }))
  }
}
