/** Whose each stream is: what the device lends is counted, held once, and given back once, whatever the device does. */
import type { ManagedStream, ManagedStreams } from '../ops.js'
import type { FallbackReason, ManagedCounts } from './counts.js'

/** A device, seen from a desk that trusts it with nothing. Never throws. */
export class Custody {
  readonly #device: ManagedStreams
  readonly #pageSize: number
  readonly #counts: ManagedCounts
  /** Whether a stream is out: one lent twice would mix two pages. Entries stay for the next time, since a `Set` costs 50 ns a page more. */
  readonly #known = new WeakMap<ManagedStream, { out: boolean }>()
  #gone = false

  constructor(device: ManagedStreams, pageSize: number, counts: ManagedCounts) {
    this.#device = device
    this.#pageSize = pageSize
    this.#counts = counts
  }

  /** A stream that nobody holds, or why there is none. A device that answers with nonsense is no better than one that is gone. */
  ask(): ManagedStream | FallbackReason {
    try {
      const got: unknown = this.#device.getStream()
      if (got === 'exhausted' || got === 'starting' || got === 'draining' || got === 'removed') return got
      const stream = got as ManagedStream
      const fits = stream.src.length >= this.#pageSize && stream.buffer.length >= this.#pageSize
      if (fits && this.#lend(stream)) {
        this.#counts.got++
        return stream
      }
    } catch {
      // Falls through: a throw is nonsense too.
    }
    this.#counts.broken++
    return 'removed'
  }

  /** False: somebody has it already. */
  #lend(stream: ManagedStream): boolean {
    const known = this.#known.get(stream)
    if (known?.out) return false
    if (known) known.out = true
    else this.#known.set(stream, { out: true })
    return true
  }

  put(stream: ManagedStream): void {
    const known = this.#known.get(stream)
    if (known) known.out = false
    if (this.#gone) {
      this.#counts.stranded++
      return
    }
    this.#counts.put++
    try {
      this.#device.putStream(stream)
    } catch {
      this.#counts.broken++
    }
  }

  commit(): void {
    if (this.#gone) return
    try {
      this.#device.commit()
    } catch {
      this.#counts.broken++
    }
  }

  /** The setup has ended: the device is not to be touched again. */
  close(): void {
    this.#gone = true
  }
}
