/** One request on a device, from its stream to its answer: redone in software where the device fails, quarantined where it is late. */
import { ZcompError } from '../errors.js'
import { type ManagedStream, Status } from '../ops.js'
import { judgeCompressed } from '../zcomp/judge.js'
import type { Queued } from '../zcomp/queue.js'
import type { ManagedDesk } from './desk.js'

/**
 * A managed stream on loan. Fill `src`, call `compress` once, read `buffer`, release. The promise never rejects, and settles by the
 * deadline, with a length, `declined` (store the page raw) or `fault` (software failed too). `release` never waits and may come at any
 * time: in flight it says that nobody wants the result (the promise gives `fault`), and the stream goes back when the device has answered.
 */
export class ManagedLease implements Disposable, Queued<ManagedLease> {
  readonly src: Uint8Array
  /** @internal */
  since = 0
  /** @internal */
  prev: ManagedLease | undefined
  /** @internal */
  next: ManagedLease | undefined
  readonly #desk: ManagedDesk
  readonly #stream: ManagedStream
  #state: 'held' | 'flying' | 'answered' | 'late' | 'put' = 'held'
  #released = false
  #spare: Uint8Array | undefined
  #length = 0
  #resolve: (wrote: number) => void = nothing

  /** @internal */
  constructor(stream: ManagedStream, desk: ManagedDesk) {
    this.#stream = stream
    this.#desk = desk
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

  compress(length: number): Promise<number> {
    if (this.#state !== 'held') throw new ZcompError('EINVAL', 'managed stream used after release, or twice')
    this.#state = 'flying'
    this.#length = length
    this.since = this.#desk.now()
    this.#desk.submitted(this)
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
    if (this.#spare) this.#desk.returnSpare(this.#spare)
    if (this.#state === 'flying') {
      this.#desk.counts.abandoned++
      this.#answer('late', Status.fault)
    } else if (this.#state === 'held') {
      this.#state = 'put'
      this.#desk.unused(this, this.#stream)
    } else if (this.#state === 'answered') this.#put()
  }

  [Symbol.dispose](): void {
    this.release()
  }

  /** @internal Past the deadline: the page is redone from `src`, and the stream stays out until the device lets go. */
  expire(): void {
    this.#desk.counts.deadline++
    this.#answer('late', this.#redo())
  }

  readonly #rejected = (): void => this.#settled(Status.fault)

  readonly #settled = (answer: number): void => {
    const { counts } = this.#desk
    if (this.#state === 'late') {
      counts.late++
      this.#put()
      return
    }
    const wrote = judgeCompressed(answer, this.#stream.buffer.length)
    if (wrote === Status.fault) {
      counts.fault++
      this.#answer('answered', this.#redo())
      return
    }
    counts[wrote > 0 ? 'compressed' : 'declined']++
    this.#answer('answered', wrote)
  }

  #redo(): number {
    this.#spare = this.#desk.borrowSpare()
    return this.#desk.redo(this.src, this.#length, this.#spare)
  }

  #answer(state: 'answered' | 'late', wrote: number): void {
    this.#state = state
    this.#desk.answered(this)
    this.#resolve(wrote)
  }

  #put(): void {
    this.#state = 'put'
    this.#desk.put(this.#stream)
  }
}

const nothing = (): void => {}
