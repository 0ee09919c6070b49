/** Requests from stream to answer: who holds which stream, what was redone, and what nobody waits for any more. */
import { type ManagedStreams, Status } from '../ops.js'
import type { Runtime } from '../runtime/runtime.js'
import { Queue } from '../zcomp/queue.js'
import type { FallbackReason, ManagedCounts, ManagedOutcome } from './counts.js'
import { Custody } from './custody.js'
import { Flights } from './flights.js'
import { Loan } from './loan.js'
import type { ManagedSettings } from './options.js'
import type { Verify } from './verify.js'

/** Compresses the first `length` bytes of `src` in software into `out`. A length, `declined` or `fault`; never throws. */
export type Redo = (src: Uint8Array, length: number, out: Uint8Array) => number

/** What a desk needs of its surroundings. */
export interface DeskSite {
  readonly pageSize: number
  readonly runtime: Runtime
  readonly redo: Redo
  readonly verify: Verify
  /** How long a device that has no deadline, or a longer one, is waited for at the end, in milliseconds. */
  readonly drainMs: number
}

const turn: Promise<void> = Promise.resolve()
/** Buffers for redone pages that are kept for the next time. */
const sparesKept = 16

/** What the desk is told. */
export interface RequestsDesk {
  /** A request is over for whoever sent it. */
  ended(loan: Loan, how: ManagedOutcome): void
  /** A stream went back; `unusedProbe`: without the request that was to try the device. */
  cameBack(unusedProbe: boolean): void
  /** Whether the next request is to be timed. */
  sampleNext(): boolean
}

export class Requests {
  readonly counts: ManagedCounts
  readonly #site: DeskSite
  readonly #settings: ManagedSettings
  readonly #custody: Custody
  readonly #desk: RequestsDesk
  readonly #flights: Flights
  readonly #held = new Queue<Loan>()
  /** Streams whose request is answered and whose lease is not released. */
  #answered = 0
  /** Streams whose answer nobody waits for any more. */
  #quarantined = 0
  /** Requests in flight that a promise answers. */
  #promised = 0
  readonly #spares: Uint8Array[] = []
  #unrung = false
  #ringing = false
  #drained: () => void = nothing

  constructor(
    streams: ManagedStreams,
    site: DeskSite,
    settings: ManagedSettings,
    counts: ManagedCounts,
    desk: RequestsDesk,
  ) {
    this.counts = counts
    this.#site = site
    this.#settings = settings
    this.#custody = new Custody(streams, site.pageSize, counts, (stream) => new Loan(stream, this))
    this.#desk = desk
    this.#flights = new Flights(site.runtime, settings.deadlineMs)
  }

  get inFlight(): number {
    return this.#flights.size
  }

  /** Whether an answer may be on its way through promises. */
  get promised(): boolean {
    return this.#promised > 0
  }

  /** Streams with a lease and no request in flight. */
  get held(): number {
    return this.#held.size + this.#answered
  }

  get quarantined(): number {
    return this.#quarantined
  }

  /** A stream that nobody holds, or why there is none. Without effect until `lend`. */
  ask(): Loan | FallbackReason {
    return this.#custody.ask()
  }

  lend(loan: Loan, page: number, probe: boolean): void {
    loan.begin(page, probe)
    this.#held.push(loan)
  }

  /** The setup is gone: answers that still come are dropped, and nothing is put. */
  close(): void {
    this.#custody.close()
  }

  /** Rings if anything is out. */
  commit(): void {
    if (this.#flights.size + this.#quarantined === 0) return
    this.#unrung = false
    this.#custody.commit()
  }

  /** Takes back what is held, and resolves when nothing is in flight: by its answer, its deadline or force after `drainMs`. */
  async drain(): Promise<void> {
    while (this.#held.first) this.#held.first.takeBack()
    this.commit()
    if (this.#flights.size === 0) return
    await this.outlast(
      new Promise<void>((resolve) => {
        this.#drained = resolve
      }),
    )
  }

  /** Waits for `done`; after `drainMs` calls `stop`, and ends what is in flight as at its deadline. */
  async outlast(done: Promise<void>, stop: () => void = nothing): Promise<void> {
    const { runtime, drainMs } = this.#site
    const cancel = runtime.after(drainMs, () => {
      stop()
      while (this.#flights.first) this.#flights.first.expire('forced')
    })
    await done
    cancel()
  }

  /** The holder has sent it; whoever forgets to ring is rung for at the end of the turn. */
  submitted(loan: Loan): void {
    this.counts.submitted++
    this.#held.remove(loan)
    loan.since = this.#site.runtime.now()
    if (this.#desk.sampleNext()) loan.ahead = this.#flights.size
    this.#flights.add(loan)
    if (!loan.callsBack) this.#promised++
    this.#unrung = true
    if (this.#ringing) return
    this.#ringing = true
    void turn.then(this.#endOfTurn)
  }

  /** For whoever forgets `commit`. */
  readonly #endOfTurn = (): void => {
    this.#ringing = false
    if (this.#unrung) this.commit()
  }

  /** The request is over for whoever sent it. */
  ended(loan: Loan, how: ManagedOutcome): void {
    const { counts } = this
    // By name where it matters: a counter chosen at run time costs fifty nanoseconds.
    if (how === 'compressed') counts.compressed++
    else if (how === 'status' || how === 'length' || how === 'verify') counts.invalid[how]++
    else counts[how]++
    this.#flights.remove(loan)
    if (!loan.callsBack) this.#promised--
    if (how === 'deadline' || how === 'forced' || how === 'abandoned') this.#quarantined++
    else this.#answered++
    this.#desk.ended(loan, how)
    if (this.#flights.size === 0) this.#drained()
  }

  /** Given back without a request. */
  unused(loan: Loan): void {
    this.#held.remove(loan)
    this.#put(loan, loan.probe)
  }

  /** Given back after its answer. */
  done(loan: Loan): void {
    this.#answered--
    this.#put(loan)
  }

  /** An answer to a request that was answered before, or never made. */
  stray(): void {
    this.counts.broken++
  }

  /** An answer that nobody waits for: the device has let go of the stream. */
  late(loan: Loan): void {
    this.counts.late++
    this.#quarantined--
    this.#put(loan)
  }

  #put(loan: Loan, unusedProbe = false): void {
    this.#custody.put(loan)
    this.#desk.cameBack(unusedProbe)
  }

  /** Whether a result is not to be believed. Looks at part of them, as the option `verify` says. */
  doubts(src: Uint8Array, length: number, buffer: Uint8Array, wrote: number): boolean {
    const { verify } = this.#settings
    if (verify === 0 || (verify < 1 && this.#site.runtime.random() >= verify)) return false
    if (!this.#site.verify(src, length, buffer.subarray(0, wrote))) return true
    this.counts.verified++
    return false
  }

  /** A place for the result of a redo, or undefined where nothing is to be redone or there is no memory. */
  borrowSpare(): Uint8Array | undefined {
    if (this.#settings.policy.fallback === 'none' || this.#settings.compat === 'poc') return undefined
    try {
      return this.#spares.pop() ?? new Uint8Array(2 * this.#site.pageSize)
    } catch {
      return undefined
    }
  }

  /** The holder has read the redone page. */
  returnSpare(spare: Uint8Array): void {
    if (this.#spares.length < sparesKept) this.#spares.push(spare)
  }

  /** Compresses in software into `out`. A length, `declined` or `fault`. */
  redo(src: Uint8Array, length: number, out: Uint8Array): number {
    const wrote = this.#site.redo(src, length, out)
    if (wrote === Status.fault) return this.noRedo()
    this.counts.redone++
    return wrote
  }

  /** Counts a page that nobody could compress. */
  noRedo(): number {
    this.counts.failed++
    return Status.fault
  }
}

const nothing = (): void => {}
