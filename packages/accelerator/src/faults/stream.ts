/** A stream of a device that fails as planned. */
import { type Answered, type ManagedStream, Status } from '@zcomp/core'
import type { FaultyDevice, Flight } from './device.js'

export class FaultyStream implements ManagedStream {
  readonly inner: ManagedStream
  /** Where the stream below has it. */
  readonly submit?: NonNullable<ManagedStream['submit']>
  readonly #device: FaultyDevice

  constructor(inner: ManagedStream, device: FaultyDevice) {
    this.inner = inner
    this.#device = device
    if (inner.submit) this.submit = (length, ticket, answered) => this.#submit(length, ticket, answered)
  }

  get src(): Uint8Array {
    return this.inner.src
  }

  get buffer(): Uint8Array {
    return this.inner.buffer
  }

  compress(length: number): Promise<number> {
    const fault = this.#device.strike()
    if (fault?.kind === 'throw') throw new Error('a planned throw')
    const answer = new Promise<number>((resolve) => {
      const flight: Flight = { stream: this, fault, answer: undefined, deliver: resolve }
      this.#device.enter(flight)
      const done = (wrote: number): void => this.#device.done(flight, wrote)
      const failed = (): void => done(Status.fault)
      try {
        void Promise.resolve(this.inner.compress(length)).then(done, failed)
      } catch {
        failed()
      }
    })
    if (fault?.kind === 'reject') return answer.then(() => Promise.reject(new Error('a planned rejection')))
    return fault?.kind === 'duplicate' ? twice(answer) : answer
  }

  /** A call cannot reject: that is a fault. */
  #submit(length: number, ticket: number, answered: Answered): void {
    const fault = this.#device.strike()
    if (fault?.kind === 'throw') throw new Error('a planned throw')
    const deliver = (answer: number): void => {
      answered(ticket, fault?.kind === 'reject' ? Status.fault : answer)
      if (fault?.kind === 'duplicate') answered(ticket, answer)
    }
    const flight: Flight = { stream: this, fault, answer: undefined, deliver }
    this.#device.enter(flight)
    const done = (wrote: number): void => this.#device.done(flight, wrote)
    try {
      this.inner.submit?.(length, ticket, (_ticket, wrote) => done(wrote))
    } catch {
      void later.then(() => done(Status.fault))
    }
  }
}

const later: Promise<void> = Promise.resolve()

/** A promise settles once, whatever one does; a thenable need not. */
function twice(answer: Promise<number>): Promise<number> {
  const callsTwice: PromiseLike<number> = {
    // biome-ignore lint/suspicious/noThenProperty: an object that settles twice is the fault
    then: (fulfilled, rejected) =>
      answer.then((wrote) => {
        fulfilled?.(wrote)
        return fulfilled ? fulfilled(wrote) : (wrote as never)
      }, rejected),
  }
  return callsTwice as Promise<number>
}
