/** A managed stream for whoever is not core: it answers by promise, and stays harmless after its end. */
import { ZcompError } from '../errors.js'
import { Status } from '../ops.js'
import type { Holder, Loan } from './loan.js'

/**
 * A managed stream on loan. Fill `src`, call `compress` once, read `buffer`, release. The promise never rejects, and settles by the
 * deadline, with a length, `declined` (store the page raw) or `fault` (software failed too, or was not allowed to try). `release` never
 * waits and may come at any time: in flight it says that nobody wants the result (the promise gives `fault`), and the stream goes back
 * when the device has answered.
 */
export class ManagedLease implements Disposable {
  readonly src: Uint8Array
  /** As whoever asked numbers his pages, for the trace. */
  readonly page: number
  /** The stream's next holder has the same loan, so it is dropped with the end of this one. */
  #loan: Loan | undefined
  #state: 'held' | 'sent' | 'released' | 'taken back' = 'held'
  /** As of the answer. */
  #buffer: Uint8Array
  #via: 'managed' | 'software' = 'managed'
  #resolve: (wrote: number) => void = nothing
  readonly #holder: Holder = {
    answered: (wrote) => this.#answered(wrote),
    takenBack: () => this.#end('taken back'),
  }

  /** @internal */
  constructor(loan: Loan) {
    this.#loan = loan
    this.src = loan.src
    this.page = loan.page
    this.#buffer = loan.buffer
    loan.heldBy(this.#holder)
  }

  /** Where the result lies until release: the device's buffer, or one of core's after a redo. */
  get buffer(): Uint8Array {
    return this.#buffer
  }

  /** Who compressed the page. */
  get via(): 'managed' | 'software' {
    return this.#via
  }

  /** Throws EINVAL where it was called before or the lease is released, ENODEV where the desk was drained meanwhile. */
  compress(length: number): Promise<number> {
    const loan = this.#loan
    if (loan === undefined || this.#state !== 'held') throw this.#misused()
    this.#state = 'sent'
    const outcome = new Promise<number>((resolve) => {
      this.#resolve = resolve
    })
    loan.send(length, this.#holder)
    return outcome
  }

  release(): void {
    const loan = this.#loan
    if (loan === undefined) return
    this.#end('released')
    loan.release()
    this.#resolve(Status.fault)
  }

  [Symbol.dispose](): void {
    this.release()
  }

  #answered(wrote: number): void {
    this.#buffer = this.#loan?.buffer ?? this.#buffer
    this.#via = this.#loan?.via ?? this.#via
    this.#resolve(wrote)
  }

  #end(state: 'released' | 'taken back'): void {
    this.#state = state
    this.#loan = undefined
  }

  #misused(): ZcompError {
    return this.#state === 'taken back'
      ? new ZcompError('ENODEV', 'managed stream: taken back, since its device is being closed')
      : new ZcompError('EINVAL', 'managed stream used after release, or twice')
  }
}

const nothing = (): void => {}
