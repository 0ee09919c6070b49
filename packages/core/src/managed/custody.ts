/** Whose each stream is: what the device lends is counted, held once, and given back once, whatever the device does. */
import type { ManagedStream, ManagedStreams } from '../ops.js'
import type { FallbackReason, ManagedCounts } from './counts.js'
import type { Loan } from './loan.js'

/** Loans that are found without a search. */
const mostLastPut = 64

/** A device, seen from a desk that trusts it with nothing. Never throws. */
export class Custody {
  readonly #device: ManagedStreams
  readonly #pageSize: number
  readonly #counts: ManagedCounts
  readonly #makeLoan: (stream: ManagedStream) => Loan
  /** What is known of each stream stays known for the next time: one that is lent twice would mix two pages. */
  readonly #loans = new WeakMap<ManagedStream, Loan>()
  /** Those put last: the next stream is mostly one of them, and the last one first. To find it so takes no search. */
  readonly #lastPut: Loan[] = []
  #gone = false

  constructor(
    device: ManagedStreams,
    pageSize: number,
    counts: ManagedCounts,
    makeLoan: (stream: ManagedStream) => Loan,
  ) {
    this.#device = device
    this.#pageSize = pageSize
    this.#counts = counts
    this.#makeLoan = makeLoan
  }

  /** A stream that nobody holds, or why there is none. A device that answers with nonsense is no better than one that is gone. */
  ask(): Loan | FallbackReason {
    try {
      const got: unknown = this.#device.getStream()
      if (got === 'exhausted' || got === 'starting' || got === 'draining' || got === 'removed') return got
      const loan = this.#loanOf(got as ManagedStream)
      if (loan.state === 'in' && loan.fits(this.#pageSize)) {
        this.#counts.got++
        return loan
      }
    } catch {
      // Falls through: a throw is nonsense too.
    }
    this.#counts.broken++
    return 'removed'
  }

  #loanOf(stream: ManagedStream): Loan {
    const last = this.#lastPut.pop()
    if (last?.stream === stream) return last
    this.#lastPut.length = 0
    const known = this.#loans.get(stream)
    if (known) return known
    const loan = this.#makeLoan(stream)
    this.#loans.set(stream, loan)
    return loan
  }

  put(loan: Loan): void {
    const { stream } = loan
    if (loan.retired) this.#loans.delete(stream)
    else if (this.#lastPut.length < mostLastPut) this.#lastPut.push(loan)
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
