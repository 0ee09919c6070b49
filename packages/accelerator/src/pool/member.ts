/** One setup in the pool: its face towards core, its place in the queue, its share. */
import { type ManagedStream, type ManagedStreams, type Unavailable, ZcompError } from '@zcomp/core'
import type { SetupMessage } from '../engine/messages.js'
import type { SetupState, SetupStats } from '../stats.js'
import type { Pool } from './pool.js'
import { PooledStream, type SlotMemory } from './stream.js'

/** How fast the mean service time follows: an eighth of the difference with every page that was timed. */
const follow = 8

export class Member implements ManagedStreams {
  readonly name: string
  readonly message: SetupMessage
  readonly memory: SlotMemory
  readonly reserve: number
  state: SetupState = 'starting'
  why = ''
  /** Engines that have a context for this setup, one bit each. */
  ready = 0
  /** Engines in a row that ended before they were ready for it. */
  strikes = 0
  held = 0
  submitted = 0
  /** Requests in rings. */
  flying = 0
  /** Requests that wait, oldest first. */
  first: PooledStream | undefined
  last: PooledStream | undefined
  waiting = 0
  /** Service time that this setup may still use in its turn, in microseconds. */
  deficit = 0
  inTurn = false
  serviceMicros = 0
  readonly #pool: Pool

  constructor(pool: Pool, name: string, message: SetupMessage, memory: SlotMemory, reserve: number) {
    this.#pool = pool
    this.name = name
    this.message = message
    this.memory = memory
    this.reserve = reserve
  }

  get id(): number {
    return this.message.id
  }

  get streams(): number {
    return this.state === 'removed' ? 0 : this.#pool.size
  }

  getStream(): ManagedStream | Unavailable {
    return this.state === 'open' ? this.#pool.lend(this) : this.#pool.refuse(this)
  }

  /** Throws EINVAL for a stream that this setup does not hold, EBUSY for one with a request out. */
  putStream(stream: ManagedStream): void {
    if (stream instanceof PooledStream && stream.member === this) {
      if (stream.state === 'lent' || stream.state === 'lost') {
        this.#pool.takeBack(this, stream)
        return
      }
      this.misused()
      throw new ZcompError('EBUSY', 'accelerator: a request is out on the stream that was put')
    }
    this.misused()
    throw new ZcompError('EINVAL', 'accelerator: the stream that was put is not lent to this setup')
  }

  commit(): void {
    this.#pool.commit()
  }

  submit(stream: PooledStream): void {
    this.submitted++
    this.#pool.submit(this, stream)
  }

  misused(): void {
    this.#pool.counts.misused++
  }

  served(micros: number): void {
    this.serviceMicros = this.serviceMicros === 0 ? micros : this.serviceMicros + (micros - this.serviceMicros) / follow
  }

  remove(why: string): void {
    if (this.state === 'draining') return
    this.state = 'removed'
    this.why = why
  }

  stats(): SetupStats {
    const { id, name, state, why, held, reserve, waiting, flying, submitted, serviceMicros } = this
    return { id, name, state, why, held, reserved: reserve, waiting, inFlight: flying, submitted, serviceMicros }
  }
}
