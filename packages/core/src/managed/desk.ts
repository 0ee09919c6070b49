/** Where managed streams are handed out and come back: doorbell, deadlines, counts. What becomes of one request is in `lease.ts`. */
import { type ManagedStream, type ManagedStreams, Status } from '../ops.js'
import type { Runtime } from '../runtime/runtime.js'
import { Queue } from '../zcomp/queue.js'
import { type FallbackReason, type ManagedCounts, noManagedCounts } from './counts.js'
import { ManagedLease } from './lease.js'

/** Compresses the first `length` bytes of `src` in software into `out`. A length, `declined` or `fault`; never throws. */
export type Redo = (src: Uint8Array, length: number, out: Uint8Array) => number

export interface DeskOptions {
  readonly pageSize: number
  readonly deadlineMs: number
  readonly runtime: Runtime
  readonly redo: Redo
}

const turn: Promise<void> = Promise.resolve()

export class ManagedDesk {
  readonly counts: ManagedCounts = noManagedCounts()
  /** Called when a caller that was told to wait should ask again. */
  onSpace: () => void = () => {}
  readonly #streams: ManagedStreams
  readonly #options: DeskOptions
  readonly #held = new Queue<ManagedLease>()
  /** In order of submission, which is the order of deadlines: one timer, for the first. While it runs the process stays alive. */
  readonly #flying = new Queue<ManagedLease>()
  readonly #spares: Uint8Array[] = []
  #cancelTimer: (() => void) | undefined
  #unrung = false
  #ringing = false
  #state: 'open' | 'draining' | 'gone' = 'open'
  #drained: (() => void) | undefined

  constructor(streams: ManagedStreams, options: DeskOptions) {
    this.#streams = streams
    this.#options = options
  }

  get inFlight(): number {
    return this.#flying.size
  }

  /** A stream, or why the page is software's. `backlog`: pages that are waiting behind this one. */
  getStream(_backlog = 0): ManagedLease | FallbackReason | 'wait' {
    const got = this.#state === 'open' ? this.#ask() : 'draining'
    if (typeof got === 'string') {
      this.counts.refused[got]++
      return got
    }
    this.counts.got++
    const lease = new ManagedLease(got, this)
    this.#held.push(lease)
    return lease
  }

  /** One line in a fixed order: streams got, submitted, compressed, declined, faults, deadlines, late, in flight. */
  hwStat(): string {
    const { got, submitted, compressed, declined, fault, deadline, late } = this.counts
    return `${[got, submitted, compressed, declined, fault, deadline, late, this.inFlight].map((n) => String(n).padStart(8)).join(' ')}\n`
  }

  /** A device that answers with nonsense is no better than one that is gone. */
  #ask(): ManagedStream | FallbackReason {
    try {
      const got: unknown = this.#streams.getStream()
      if (got === 'exhausted' || got === 'starting' || got === 'draining' || got === 'removed') return got
      const stream = got as ManagedStream
      if (stream.src.length >= this.#options.pageSize && stream.buffer.length >= this.#options.pageSize) return stream
    } catch {
      // Falls through: a throw is nonsense too.
    }
    this.counts.broken++
    return 'removed'
  }

  /** Lets the device begin, and look for answers. Cheap: call it between pages compressed here, then give way to promises. */
  commit(): void {
    if (this.#flying.size === 0 || this.#state === 'gone') return
    this.#unrung = false
    try {
      this.#streams.commit()
    } catch {
      this.counts.broken++
    }
  }

  /** Stops intake and waits for requests in flight, at most one deadline. Streams still held go back. */
  async drain(): Promise<void> {
    this.#state = 'draining'
    while (this.#held.first) this.#held.first.release()
    this.commit()
    if (this.#flying.size > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve
      })
    }
  }

  /** The setup is gone: answers that still come are dropped, and nothing is put. */
  close(): void {
    this.#state = 'gone'
  }

  // What a lease needs of its desk.

  /** @internal */
  submitted(lease: ManagedLease): void {
    this.counts.submitted++
    this.#held.remove(lease)
    this.#flying.push(lease)
    this.#unrung = true
    if (!this.#ringing) {
      this.#ringing = true
      void turn.then(this.#endOfTurn)
    }
    this.#cancelTimer ??= this.#options.runtime.after(this.#options.deadlineMs, this.#look)
  }

  /** For whoever forgets `commit`. */
  readonly #endOfTurn = (): void => {
    this.#ringing = false
    if (this.#unrung) this.commit()
  }

  /** @internal The request has its answer, whoever gave it. */
  answered(lease: ManagedLease): void {
    this.#flying.remove(lease)
    if (this.#flying.size > 0) return
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#drained?.()
  }

  /** @internal Given back without a request. */
  unused(lease: ManagedLease, stream: ManagedStream): void {
    this.#held.remove(lease)
    this.put(stream)
  }

  /** @internal */
  put(stream: ManagedStream): void {
    if (this.#state === 'gone') return
    this.counts.put++
    try {
      this.#streams.putStream(stream)
    } catch {
      this.counts.broken++
    }
  }

  /** @internal */
  redo(src: Uint8Array, length: number, out: Uint8Array): number {
    const wrote = this.#options.redo(src, length, out)
    if (wrote === Status.fault) this.counts.failed++
    return wrote
  }

  /** @internal Where a redo leaves its result: never in the stream's own buffer, which a late device may still write. */
  borrowSpare(): Uint8Array {
    return this.#spares.pop() ?? new Uint8Array(2 * this.#options.pageSize)
  }

  /** @internal */
  returnSpare(spare: Uint8Array): void {
    this.#spares.push(spare)
  }

  /** @internal */
  now(): number {
    return this.#options.runtime.now()
  }

  /**
   * Timers run before messages do: after a blocked turn, a device that answered in time would look late. So a request found overdue is
   * looked at again, a turn of the loop later.
   */
  readonly #look = (): void => {
    const left = this.#left()
    this.#cancelTimer =
      left > 0 ? this.#options.runtime.after(left, this.#look) : this.#options.runtime.after(1, this.#lookAgain)
  }

  readonly #lookAgain = (): void => {
    while (this.#left() <= 0) this.#flying.first?.expire()
    this.#cancelTimer = this.#flying.first && this.#options.runtime.after(this.#left(), this.#look)
  }

  /** Milliseconds until the oldest request is overdue. */
  #left(): number {
    const oldest = this.#flying.first
    return oldest ? oldest.since + this.#options.deadlineMs - this.now() : Infinity
  }
}
