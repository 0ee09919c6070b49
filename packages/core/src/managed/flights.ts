/** Requests in flight, and the one timer that finds those that are overdue. */
import type { Runtime } from '../runtime/runtime.js'
import { Queue } from '../zcomp/queue.js'
import type { Loan } from './loan.js'

/** As long as a timer can be set. */
const longestMs = 2 ** 31 - 1

export class Flights {
  /** In order of submission, which is the order of deadlines: one timer, for the first. While it runs the process stays alive. */
  readonly #queue = new Queue<Loan>()
  readonly #runtime: Runtime
  /** Infinity: requests keep the process alive, and are never overdue. */
  readonly #deadlineMs: number
  #cancel: (() => void) | undefined

  constructor(runtime: Runtime, deadlineMs: number) {
    this.#runtime = runtime
    this.#deadlineMs = deadlineMs
  }

  get size(): number {
    return this.#queue.size
  }

  get first(): Loan | undefined {
    return this.#queue.first
  }

  add(loan: Loan): void {
    this.#queue.push(loan)
    this.#cancel ??= this.#after(this.#deadlineMs, this.#look)
  }

  remove(loan: Loan): void {
    this.#queue.remove(loan)
    if (this.#queue.size > 0) return
    this.#cancel?.()
    this.#cancel = undefined
  }

  /**
   * Timers run before messages do: after a blocked turn, a device that answered in time would look late. So a request found overdue is
   * looked at again, a turn of the loop later.
   */
  readonly #look = (): void => {
    if (this.#deadlineMs === Number.POSITIVE_INFINITY) return
    const left = this.#left()
    this.#cancel = left > 0 ? this.#after(left, this.#look) : this.#after(1, this.#lookAgain)
  }

  readonly #lookAgain = (): void => {
    while (this.#left() <= 0) this.#queue.first?.expire('deadline')
    this.#cancel = this.#queue.first && this.#after(this.#left(), this.#look)
  }

  #after(ms: number, run: () => void): () => void {
    return this.#runtime.after(Math.min(ms, longestMs), run)
  }

  /** Milliseconds until the oldest request is overdue. */
  #left(): number {
    const oldest = this.#queue.first
    return oldest ? oldest.since + this.#deadlineMs - this.#runtime.now() : Number.POSITIVE_INFINITY
  }
}
