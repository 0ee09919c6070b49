/** The shared pool as its users hold it: an object that begins with its first setup, ends with its last, and begins again. */
import type { ManagedStreams, Unavailable } from '@zcomp/core'
import { type AcceleratorOptions, resolveOptions } from './options.js'
import type { Member } from './pool/member.js'
import { type Newcomer, Pool } from './pool/pool.js'
import type { SlotMemory } from './pool/stream.js'
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
   * Takes part, at once and without waiting. The first question for a stream, or `ready`, starts the engines: who never has work for them
   * has none. Until one is ready, streams are `'starting'`. Never throws: no memory is `'removed'`.
   */
  join(user: AcceleratorUser): Membership
  /**
   * Starts engines that have not been started, and resolves when every setup has one or will have none; true where all have. Keeps the
   * process alive, at most for `timeoutMs`, default `startMs`. Nobody needs to wait: software serves meanwhile.
   */
  ready(timeoutMs?: number): Promise<boolean>
  stats(): AcceleratorStats
  /** Calls back, in a later turn of promises, when an engine or a setup has changed state. Returns what ends that. */
  onHealth(listener: (stats: AcceleratorStats) => void): () => void
}

/** Makes a pool for any number of setups of any backends. Nothing starts before somebody wants a stream. Throws EINVAL for an option out of range. */
export function accelerator(options: Partial<AcceleratorOptions> = {}): Accelerator {
  return new SharedAccelerator(resolveOptions(options))
}

/** Between two looks of whoever waits for engines, in milliseconds. */
const lookMs = 20

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
  /**
   * Slots of an earlier life whose workers have all ended, for the next one; the collector may have them first. Made anew each time, they
   * would pile up until it comes, and the C library does not always give the system back what that took.
   */
  #spare: WeakRef<SlotMemory> | undefined
  #telling = false

  constructor(options: AcceleratorOptions) {
    this.options = options
  }

  join(user: AcceleratorUser): Membership {
    const begins = this.#pool === undefined
    try {
      const pool = this.#pool ?? new Pool(this.options, this.#counts, this.#changed, this.#takeSpare())
      const member = pool.join(user)
      if (begins) {
        this.#pool = pool
        this.#counts.begun++
      }
      let leaving: Promise<void> | undefined
      return {
        streams: member,
        leave: () => {
          leaving ??= this.#leave(pool, member)
          return leaving
        },
      }
    } catch {
      this.#counts.failed++
      return absent
    }
  }

  async #leave(pool: Pool, member: Member): Promise<void> {
    await pool.leave(member)
    if (pool.users > 0) return
    const current = this.#pool === pool
    if (current) {
      this.#pool = undefined
      this.#counts.ended++
    }
    if ((await pool.stop()) && current) this.#spare = new WeakRef(pool.memory)
    this.#changed()
  }

  /** For one pool: another may begin while it is still ending. */
  #takeSpare(): SlotMemory | undefined {
    const memory = this.#spare?.deref()
    this.#spare = undefined
    return memory
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
    const { runtime } = this.options
    const end = runtime.now() + timeoutMs
    // Looks again now and then, since an engine that has failed is started anew only where somebody wants it.
    for (let left = timeoutMs; left > 0 && this.#pool && !this.#pool.settled; left = end - runtime.now()) {
      this.#pool.inspect()
      let stop = (): void => {}
      const changed = new Promise<void>((resolve) => {
        stop = this.onHealth(() => resolve())
      })
      await within(runtime, Math.min(left, lookMs), changed)
      stop()
    }
    return this.stats().setups.every(({ state }) => state === 'open')
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
