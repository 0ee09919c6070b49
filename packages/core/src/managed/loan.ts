/** One stream of a device, and its present request: redone in software where the device fails, quarantined where it is late. */
import { type ManagedStream, Status } from '../ops.js'
import { judgeCompressed } from '../zcomp/judge.js'
import type { Queued } from '../zcomp/queue.js'
import type { ManagedOutcome } from './counts.js'
import type { Requests } from './requests.js'

/** Who has a loan. Called by method rather than by promise. */
export interface Holder {
  /** The request is over, by the deadline at the latest: a length, `declined` (store the page raw) or `fault` (software failed too, or was not allowed to try). */
  answered(wrote: number): void
  /** The stream went back unused, since its device is being closed. */
  takenBack(): void
}

/** `in`: with the device, as far as core is concerned. */
export type LoanState = 'in' | 'held' | 'flying' | 'answered' | 'late'

/**
 * Made once for a stream and lent again and again, so that a page allocates nothing here. Fill `src`, `send` once, read `buffer`, release.
 * A stream has one request at a time, and is not put before that is settled: what settles is always the present one.
 */
export class Loan implements Queued<Loan> {
  readonly stream: ManagedStream
  readonly src: Uint8Array
  /** Whether the stream answers by a call, not by a promise. */
  readonly callsBack: boolean
  /** Its request outlived its holder's patience: whoever holds it may still read the redone page, so the stream's next loan is another. */
  retired = false
  state: LoanState = 'in'
  /** As whoever asked numbers his pages, for the trace. */
  page = -1
  /** This request shows whether a device left alone works again. */
  probe = false
  since = 0
  /** Requests in flight when this one was submitted, -1 where it is not timed. */
  ahead = -1
  prev: Loan | undefined
  next: Loan | undefined
  readonly #requests: Requests
  readonly #buffer: Uint8Array
  /** Where it lies: a view by these costs half of what `subarray` does. */
  readonly #memory: Uint8Array['buffer']
  readonly #at: number
  #holder: Holder = nobody
  #spare: Uint8Array | undefined
  #length = 0
  /** Whether the device has a request of this loan's. */
  #out = false
  /** Whether the device is being told of it. */
  #sending = false
  #ticket = 0

  constructor(stream: ManagedStream, requests: Requests) {
    this.stream = stream
    this.#requests = requests
    this.src = stream.src
    this.callsBack = typeof stream.submit === 'function'
    this.#buffer = stream.buffer
    this.#memory = this.#buffer.buffer
    this.#at = this.#buffer.byteOffset
  }

  /** Whether both areas hold a page, as they always should. */
  fits(pageSize: number): boolean {
    return this.src.length >= pageSize && this.#buffer.length >= pageSize
  }

  /** Where the result lies until release: the device's buffer, or one of core's after a redo. */
  get buffer(): Uint8Array {
    return this.#spare ?? this.#buffer
  }

  /** The first `length` bytes of it. */
  result(length: number): Uint8Array {
    return this.#spare ? this.#spare.subarray(0, length) : new Uint8Array(this.#memory, this.#at, length)
  }

  /** Who compressed the page. */
  get via(): 'managed' | 'software' {
    return this.#spare ? 'software' : 'managed'
  }

  begin(page: number, probe: boolean): void {
    this.state = 'held'
    this.page = page
    this.probe = probe
    this.ahead = -1
    this.#spare = undefined
    this.#holder = nobody
  }

  /** Who is to hear of a drain, and of the answer unless `send` names another. */
  heldBy(holder: Holder): void {
    this.#holder = holder
  }

  /** Once for each loan, while it is held. `holder` hears the answer later, never from within this call. */
  send(length: number, holder: Holder): void {
    this.state = 'flying'
    this.#length = length
    this.#holder = holder
    this.#requests.submitted(this)
    if (this.callsBack) this.#submit(length)
    else this.#compress(length)
  }

  #compress(length: number): void {
    let answer: Promise<number>
    try {
      // A promise is taken as it is; anything else becomes one, so that it answers once.
      answer = Promise.resolve(this.stream.compress(length))
    } catch {
      answer = fault
    }
    void answer.then(this.#settled, this.#rejected)
  }

  /** Each request has a ticket of its own: whatever a device says of an earlier one, or says twice, reaches nobody. */
  #submit(length: number): void {
    const ticket = (this.#ticket + 1) | 0
    this.#ticket = ticket
    this.#out = true
    this.#sending = true
    try {
      this.stream.submit?.(length, ticket, this.#answered)
    } catch {
      void turn.then(() => this.#answered(ticket, Status.fault))
    }
    this.#sending = false
  }

  readonly #answered = (ticket: number, answer: number): void => {
    if (!this.#out || ticket !== this.#ticket) this.#requests.stray()
    else if (this.#sending) void turn.then(() => this.#answered(ticket, answer))
    else {
      this.#out = false
      this.#settled(answer)
    }
  }

  /** Never waits, once for each loan: in flight it says that nobody wants the result, and the stream goes back when the device has answered. */
  release(): void {
    this.#holder = nobody
    if (this.#spare) this.#requests.returnSpare(this.#spare)
    if (this.state === 'flying') this.#answer('late', 'abandoned', Status.fault)
    else if (this.state === 'held') this.takeBack()
    else if (this.state === 'answered') {
      this.state = 'in'
      this.#requests.done(this)
    }
  }

  /** The stream goes back unused. */
  takeBack(): void {
    this.state = 'in'
    this.#requests.unused(this)
    this.#holder.takenBack()
  }

  /** The page is redone from `src`, and the stream stays out until the device lets go. */
  expire(why: 'deadline' | 'forced'): void {
    this.#answer('late', why, this.#redo())
  }

  readonly #rejected = (): void => this.#settled(Status.fault)

  readonly #settled = (answer: number): void => {
    if (this.state === 'late') {
      this.state = 'in'
      this.#requests.late(this)
      return
    }
    const wrote = judgeCompressed(answer, this.#buffer.length)
    if (wrote === Status.declined) this.#answer('answered', 'declined', wrote)
    else if (wrote === Status.fault) this.#answer('answered', whyNot(answer), this.#redo())
    else if (this.#requests.doubts(this.src, this.#length, this.#buffer, wrote))
      this.#answer('answered', 'verify', this.#redo())
    else this.#answer('answered', 'compressed', wrote)
  }

  /** Never in the stream's own buffer, which a late device may still write. */
  #redo(): number {
    this.#spare = this.#requests.borrowSpare()
    return this.#spare ? this.#requests.redo(this.src, this.#length, this.#spare) : this.#requests.noRedo()
  }

  #answer(state: 'answered' | 'late', how: ManagedOutcome, wrote: number): void {
    this.state = state
    if (state === 'late') this.retired = true
    this.#requests.ended(this, how)
    this.#holder.answered(wrote)
  }
}

/** Which kind of wrong an answer is. */
function whyNot(answer: number): 'fault' | 'status' | 'length' {
  if (answer === Status.fault) return 'fault'
  return answer >= 0 ? 'length' : 'status'
}

const turn: Promise<void> = Promise.resolve()
const fault: Promise<number> = Promise.resolve(Status.fault)
const nobody: Holder = { answered() {}, takenBack() {} }
