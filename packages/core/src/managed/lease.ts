/** One request on a device, from its stream to its answer: redone in software where the device fails, quarantined where it is late. */
import { ZcompError } from '../errors.js'
import { type ManagedStream, Status } from '../ops.js'
import { judgeCompressed } from '../zcomp/judge.js'
import type { Queued } from '../zcomp/queue.js'
import type { ManagedOutcome } from './counts.js'
import type { Requests } from './requests.js'

/**
 * A managed stream on loan. Fill `src`, call `compress` once, read `buffer`, release. The promise never rejects, and settles by the
 * deadline, with a length, `declined` (store the page raw) or `fault` (software failed too, or was not allowed to try). `release` never
 * waits and may come at any time: in flight it says that nobody wants the result (the promise gives `fault`), and the stream goes back
 * when the device has answered.
 */
export class ManagedLease implements Disposable, Queued<ManagedLease> {
  readonly src: Uint8Array
  /** As whoever asked numbers his pages, for the trace. */
  readonly page: number
  /** @internal This request shows whether a device left alone works again. */
  readonly probe: boolean
  /** @internal */
  since = 0
  /** @internal Requests in flight when this one was submitted, -1 where it is not timed. */
  ahead = -1
  /** @internal */
  prev: ManagedLease | undefined
  /** @internal */
  next: ManagedLease | undefined
  readonly #requests: Requests
  readonly #stream: ManagedStream
  #state: 'held' | 'flying' | 'answered' | 'late' | 'put' = 'held'
  #released = false
  #spare: Uint8Array | undefined
  #length = 0
  #resolve: (wrote: number) => void = nothing

  /** @internal */
  constructor(stream: ManagedStream, requests: Requests, page: number, probe: boolean) {
    this.#stream = stream
    this.#requests = requests
    this.page = page
    this.probe = probe
    this.src = stream.src
  }

  /** Where the result lies until release: the device's buffer, or one of core's after a redo. */
  get buffer(): Uint8Array {
    return this.#spare ?? this.#stream.buffer
  }

  /** Who compressed the page. */
  get via(): 'managed' | 'software' {
    return this.#spare ? 'software' : 'managed'
  }

  /** Throws EINVAL where it was called before or the lease is released, ENODEV where the desk was drained meanwhile. */
  compress(length: number): Promise<number> {
    if (this.#state !== 'held') this.#misused()
    this.#state = 'flying'
    this.#length = length
    this.#requests.submitted(this)
    const outcome = new Promise<number>((resolve) => {
      this.#resolve = resolve
    })
    try {
      // A promise is taken as it is; anything else becomes one, so that it answers once.
      void Promise.resolve(this.#stream.compress(length)).then(this.#settled, this.#rejected)
    } catch {
      this.#settled(Status.fault)
    }
    return outcome
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    if (this.#spare) this.#requests.returnSpare(this.#spare)
    if (this.#state === 'flying') this.#answer('late', 'abandoned', Status.fault)
    else if (this.#state === 'held') this.takeBack()
    else if (this.#state === 'answered') {
      this.#state = 'put'
      this.#requests.done(this.#stream)
    }
  }

  [Symbol.dispose](): void {
    this.release()
  }

  /** @internal The stream goes back unused. */
  takeBack(): void {
    this.#state = 'put'
    this.#requests.unused(this, this.#stream)
  }

  /** @internal The page is redone from `src`, and the stream stays out until the device lets go. */
  expire(why: 'deadline' | 'forced'): void {
    this.#answer('late', why, this.#redo())
  }

  readonly #rejected = (): void => this.#settled(Status.fault)

  readonly #settled = (answer: number): void => {
    if (this.#state === 'late') {
      this.#state = 'put'
      this.#requests.late(this.#stream)
      return
    }
    const wrote = judgeCompressed(answer, this.#stream.buffer.length)
    if (wrote === Status.declined) this.#answer('answered', 'declined', wrote)
    else if (wrote === Status.fault) this.#answer('answered', whyNot(answer), this.#redo())
    else if (this.#requests.doubts(this.src, this.#length, this.#stream.buffer, wrote))
      this.#answer('answered', 'verify', this.#redo())
    else this.#answer('answered', 'compressed', wrote)
  }

  /** Never in the stream's own buffer, which a late device may still write. */
  #redo(): number {
    this.#spare = this.#requests.borrowSpare()
    return this.#spare ? this.#requests.redo(this.src, this.#length, this.#spare) : this.#requests.noRedo()
  }

  #answer(state: 'answered' | 'late', how: ManagedOutcome, wrote: number): void {
    this.#state = state
    this.#requests.ended(this, how)
    this.#resolve(wrote)
  }

  #misused(): never {
    if (this.#state === 'put' && !this.#released) {
      throw new ZcompError('ENODEV', 'managed stream: taken back, since its device is being closed')
    }
    throw new ZcompError('EINVAL', 'managed stream used after release, or twice')
  }
}

/** Which kind of wrong an answer is. */
function whyNot(answer: number): 'fault' | 'status' | 'length' {
  if (answer === Status.fault) return 'fault'
  return answer >= 0 ? 'length' : 'status'
}

const nothing = (): void => {}
