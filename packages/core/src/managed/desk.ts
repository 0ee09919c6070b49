/** Where managed streams are handed out and come back. What becomes of one request is in `loan.ts`, what may go wrong in the files beside. */
import type { ManagedStreams } from '../ops.js'
import type { Runtime } from '../runtime/runtime.js'
import { Averages } from './averages.js'
import { Breaker, type Health, type Sign } from './breaker.js'
import { type FallbackReason, type ManagedCounts, type ManagedOutcome, noManagedCounts } from './counts.js'
import { ManagedLease } from './lease.js'
import type { Loan } from './loan.js'
import { type ManagedSettings, readManaged } from './options.js'
import type { DeskView, PolicyRun } from './policy/policy.js'
import { type DeskSite, Requests, type RequestsDesk } from './requests.js'
import { type DeskStats, deskStats, hwStat } from './stat.js'
import { Trace, type TraceEntry } from './trace.js'
import { Waiting } from './waiting.js'

/**
 * `getStream` for each page, `commit` after submissions and between pages compressed here; where the answer is to wait, go on when
 * `onSpace` is called. Never throws: a device that breaks the contract is one that is gone.
 */
export class ManagedDesk implements DeskView, RequestsDesk {
  readonly counts: ManagedCounts = noManagedCounts()
  readonly settings: ManagedSettings
  readonly pageSize: number
  /** True: a reason instead of a stream is an error, since software must not take the page. */
  readonly strict: boolean
  /** Called when whoever was told to wait should ask again: a stream came free, or a millisecond passed. */
  onSpace: () => void = nothing
  readonly #device: ManagedStreams
  readonly #runtime: Runtime
  readonly #requests: Requests
  readonly #breaker: Breaker | undefined
  readonly #averages = new Averages()
  readonly #policy: PolicyRun
  readonly #waiting: Waiting
  #waiters: (() => void)[] = []
  readonly #trace: Trace | undefined
  /** When the first page in line was told to wait, or -1. */
  #waitingSince = -1
  #open = true
  #draining: Promise<void> | undefined

  constructor(streams: ManagedStreams, site: DeskSite, settings: ManagedSettings = readManaged()) {
    const { runtime, pageSize } = site
    const { policy, breaker, trace } = settings
    this.#device = streams
    this.#runtime = runtime
    this.settings = settings
    this.pageSize = pageSize
    this.strict = policy.fallback === 'none'
    this.#requests = new Requests(streams, site, settings, this.counts, this)
    if (breaker !== 'none') this.#breaker = new Breaker(breaker, this.counts.breaker, this.now, runtime.random)
    if (trace > 0) this.#trace = new Trace(trace)
    this.#waiting = new Waiting(runtime, this.#goOn)
    this.#policy = policy.start(this)
  }

  /** @internal */
  readonly now = (): number => this.#runtime.now()

  get inFlight(): number {
    return this.#requests.inFlight
  }

  /** @internal Whether an answer may be on its way through promises, which have to have their turn. */
  get promised(): boolean {
    return this.#requests.promised
  }

  get streams(): number {
    return this.#device.streams
  }

  /** Streams with a lease and no request in flight. */
  get held(): number {
    return this.#requests.held
  }

  get quarantined(): number {
    return this.#requests.quarantined
  }

  get managedMs(): number {
    return this.#averages.managedMs
  }

  get softwareMs(): number {
    return this.#averages.softwareMs
  }

  get health(): Health {
    return this.#breaker?.health ?? 'closed'
  }

  /** Everything at this moment, as plain data. */
  stats(): DeskStats {
    return deskStats(this)
  }

  /** The same in a line of numbers, as `hw_stat` in sysfs; the fields are `hwStatFields`. */
  hwStat(): string {
    return hwStat(this)
  }

  /** The last pages, oldest first; empty unless the option `trace` is set. */
  trace(): TraceEntry[] {
    return this.#trace?.entries() ?? []
  }

  /**
   * A stream, or why there is none, or the answer to wait for `onSpace` and ask again. `backlog`: pages that wait behind this one. `page`:
   * its number, for the trace. Never waits itself.
   */
  getStream(backlog: number = 0, page: number = -1): ManagedLease | FallbackReason | 'wait' {
    const got = this.lend(backlog, page)
    return typeof got === 'string' ? got : new ManagedLease(got)
  }

  /** @internal The same for a device's pump, which fills and sends in one go. */
  lend(backlog: number, page: number): Loan | FallbackReason | 'wait' {
    const got = this.ask(backlog, page, this.#waitingSince)
    if (got !== 'wait') this.#waitingSince = -1
    else if (this.#waitingSince < 0) this.#waitingSince = this.now()
    return got
  }

  /** The same for somebody who is not the device's pump: waits as long as the policy says, at most the deadline. */
  async acquire(backlog: number = 0): Promise<ManagedLease | FallbackReason> {
    const since = this.now()
    for (;;) {
      const got = this.ask(backlog, -1, since)
      if (typeof got === 'object') return new ManagedLease(got)
      if (got !== 'wait') return got
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve)
      })
    }
  }

  /** Counts pages that were never to go to a device, such as those of a synchronous call. */
  refuse(reason: FallbackReason, pages: number = 1): void {
    this.counts.asked += pages
    this.counts.refused[reason] += pages
  }

  /** @internal For one who has been waiting `since` then, -1 if not at all. */
  ask(backlog: number, page: number, since: number): Loan | FallbackReason | 'wait' {
    this.counts.asked++
    this.#averages.nextPage(this.now)
    const got = this.#open ? this.#seek(backlog) : 'draining'
    if (typeof got === 'object') {
      this.#requests.lend(got, page, this.#breaker?.lent() ?? false)
      return got
    }
    const waited = since < 0 ? 0 : this.now() - since
    const reason = got === 'wait' ? 'policy' : got
    const answer = got === 'wait' ? got : this.#policy.refused(got, waited)
    if (answer !== 'wait' || !this.#open || waited >= this.settings.deadlineMs) {
      return this.#refused(answer === 'wait' ? reason : answer, backlog, page, waited)
    }
    this.counts.waits++
    this.#averages.forget()
    this.#waiting.begin()
    return answer
  }

  #seek(backlog: number): Loan | FallbackReason | 'wait' {
    const breaker = this.#breaker
    if (breaker && breaker.health !== 'closed') {
      const may = breaker.gate()
      if (may !== 'go') return may
    }
    const verdict = this.#policy.admit(backlog)
    if (verdict !== 'go') return verdict
    const got = this.#requests.ask()
    if (typeof got === 'string') breaker?.refused(got)
    return got
  }

  #refused(reason: FallbackReason, backlog: number, page: number, waited: number): FallbackReason {
    this.counts.refused[reason]++
    this.#trace?.note(page, 'software', reason, waited)
    if (backlog > 0 && !this.strict) this.#averages.softwareTakes(this.now)
    return reason
  }

  /** Lets the device begin, and look for answers. Cheap: call it between pages compressed here, then give way to promises. */
  commit(): void {
    this.#requests.commit()
  }

  /** Says that nothing waits behind the pages asked for so far, where the last of them did not say so itself. */
  rest(): void {
    this.#policy.rest()
  }

  /** Stops intake and waits for requests in flight, at most one deadline or `drainMs`. Streams still held go back. */
  drain(): Promise<void> {
    this.#stopIntake()
    this.#draining ??= this.#requests.drain()
    return this.#draining
  }

  /** @internal The same for whoever has pages in line: the device goes on with them until `idle`, but none waits for it after `drainMs`. */
  drainAfter(idle: Promise<void>): Promise<void> {
    return this.#requests.outlast(idle, this.#stopIntake).then(() => this.drain())
  }

  readonly #stopIntake = (): void => {
    this.#open = false
    this.#waiting.room()
  }

  /** The setup is gone: answers that still come are dropped, and nothing is put. */
  close(): void {
    this.#open = false
    this.#requests.close()
  }

  readonly #goOn = (): void => {
    const waiters = this.#waiters
    this.#waiters = []
    this.commit()
    for (const go of waiters) go()
    this.onSpace()
  }

  /** @internal A request is over for whoever sent it. */
  ended(loan: Loan, how: ManagedOutcome): void {
    if (how === 'compressed' && loan.ahead >= 0) this.#averages.managed(this.now() - loan.since, loan.ahead)
    this.#breaker?.note(how === 'compressed' ? 'good' : signs[how], loan.probe)
    this.#trace?.note(loan.page, loan.via, how, this.now() - loan.since)
    this.#policy.answered()
    this.#waiting.room()
  }

  /** @internal A stream went back, used or not. */
  cameBack(unusedProbe: boolean): void {
    if (unusedProbe) this.#breaker?.note('nothing', true)
    this.#waiting.room()
  }

  /** @internal Whether the next request is to be timed. */
  sampleNext(): boolean {
    return this.#averages.sampleNext()
  }
}

const signs: Record<ManagedOutcome, Sign> = {
  compressed: 'good',
  declined: 'good',
  fault: 'error',
  status: 'error',
  length: 'error',
  verify: 'error',
  deadline: 'hang',
  forced: 'nothing',
  abandoned: 'nothing',
}

const nothing = (): void => {}
