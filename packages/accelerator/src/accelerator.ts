/** The shared pool as its users hold it: an object that starts with its first setup, ends with its last, and starts again. */
import type { ManagedStream, ManagedStreams, Unavailable } from '@zcomp/core'
import { type AcceleratorOptions, resolveOptions } from './options.js'
import type { Member } from './pool/member.js'
import { type Newcomer, Pool } from './pool/pool.js'
import { within } from './pool/wait.js'
import { type AcceleratorStats, noCounts } from './stats.js'

/** Software that wants an accelerator: what its engines import, and with which parameters. */
export type AcceleratorUser = Newcomer

/** One setup's part in the pool. */
export interface Membership {
  readonly streams: ManagedStreams
  /** Ends it. Pending requests are answered with a fault; the pool ends with its last member. Never rejects, and is bounded. Idempotent. */
  leave(): Promise<void>
}

export interface Accelerator {
  readonly options: AcceleratorOptions
  /**
   * Takes part, at once and without waiting. The first question for a stream, or `ready`, starts an engine; until it is up, streams are
   * `'starting'`: who never has work for a device pays for none. Never throws: no memory is `'removed'`.
   */
  join(user: AcceleratorUser): Membership
  /**
   * Starts what has not started, and resolves when every setup has an engine or will have none; true where all have. Keeps the process alive, at most for `timeoutMs`,
   * default `startMs`. Nobody needs to wait: software serves meanwhile.
   */
  ready(timeoutMs?: number): Promise<boolean>
  stats(): AcceleratorStats
  /** Calls back, in a later turn of promises, when an engine or a setup has changed state. Returns what ends that. */
  onHealth(listener: (stats: AcceleratorStats) => void): () => void
}

/** Makes a pool for any number of setups of any backends. Nothing starts before the first. Throws EINVAL for an option out of range. */
export function accelerator(options: Partial<AcceleratorOptions> = {}): Accelerator {
  return new SharedAccelerator(resolveOptions(options))
}

let processWide: Accelerator | undefined

/** The one that is used where none is named, with default options. */
export function defaultAccelerator(): Accelerator {
  processWide ??= accelerator()
  return processWide
}

class SharedAccelerator implements Accelerator {
  readonly options: AcceleratorOptions
  readonly #counts = noCounts()
  readonly #listeners = new Set<(stats: AcceleratorStats) => void>()
  /** A pool that is ending is not here any more: whoever comes meanwhile gets a new one, and waits for nobody. */
  #pool: Pool | undefined
  #telling = false
  /** Setups that have not asked for a stream yet may be among them. */
  readonly #latent = new Set<Latent>()

  constructor(options: AcceleratorOptions) {
    this.options = options
  }

  join(user: AcceleratorUser): Membership {
    const latent = new Latent(this.options.streams, () => this.#begin(user))
    this.#latent.add(latent)
    let leaving: Promise<void> | undefined
    return {
      streams: latent,
      leave: () => {
        this.#latent.delete(latent)
        leaving ??= latent.end()
        return leaving
      },
    }
  }

  #begin(user: AcceleratorUser): Membership {
    const begins = this.#pool === undefined
    try {
      const pool = this.#pool ?? new Pool(this.options, this.#counts, this.#changed)
      const member = pool.join(user)
      if (begins) {
        this.#pool = pool
        this.#counts.begun++
        pool.start()
      }
      return { streams: member, leave: () => this.#leave(pool, member) }
    } catch {
      this.#counts.failed++
      return absent
    }
  }

  async #leave(pool: Pool, member: Member): Promise<void> {
    await pool.leave(member)
    if (pool.users > 0) return
    if (this.#pool === pool) {
      this.#pool = undefined
      this.#counts.ended++
    }
    await pool.stop()
    this.#changed()
  }

  readonly #changed = (): void => {
    if (this.#telling || this.#listeners.size === 0) return
    this.#telling = true
    void Promise.resolve().then(() => {
      this.#telling = false
      const stats = this.stats()
      for (const listener of [...this.#listeners]) listener(stats)
    })
  }

  onHealth(listener: (stats: AcceleratorStats) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async ready(timeoutMs: number = this.options.startMs): Promise<boolean> {
    for (const latent of this.#latent) latent.begin()
    let stop = (): void => {}
    const settled = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#pool?.settled ?? true) resolve()
      }
      stop = this.onHealth(look)
      look()
    })
    const inTime = await within(this.options.runtime, timeoutMs, settled)
    stop()
    return inTime && this.stats().setups.every(({ state }) => state === 'open')
  }

  stats(): AcceleratorStats {
    const counts = { ...this.#counts, refused: { ...this.#counts.refused } }
    if (this.#pool) return { ...this.#pool.stats(), counts }
    const { streams } = this.options
    return {
      health: 'idle',
      streams,
      free: streams,
      held: 0,
      lost: 0,
      waiting: 0,
      inFlight: 0,
      memoryBytes: 0,
      engines: [],
      setups: [],
      counts,
    }
  }
}

/** A setup's streams, before and after it first asks for one. */
class Latent implements ManagedStreams {
  readonly #streams: number
  readonly #begin: () => Membership
  #membership: Membership | undefined
  #ended = false

  constructor(streams: number, begin: () => Membership) {
    this.#streams = streams
    this.#begin = begin
  }

  get streams(): number {
    return this.#membership?.streams.streams ?? this.#streams
  }

  begin(): ManagedStreams {
    this.#membership ??= this.#begin()
    return this.#membership.streams
  }

  getStream(): ManagedStream | Unavailable {
    if (this.#ended && !this.#membership) return 'removed'
    return this.begin().getStream()
  }

  putStream(stream: ManagedStream): void {
    this.#membership?.streams.putStream(stream)
  }

  commit(): void {
    this.#membership?.streams.commit()
  }

  async end(): Promise<void> {
    this.#ended = true
    await this.#membership?.leave()
  }
}

/** For whom there is no memory. */
const absent: Membership = {
  streams: {
    streams: 0,
    getStream: (): Unavailable => 'removed',
    putStream() {},
    commit() {},
  },
  async leave() {},
}
