/** Keeps a failing device out of the way, and finds out with single requests when it works again. */
import type { BreakerCounts, FallbackReason } from './counts.js'

/**
 * `closed`: in use. `open`: left alone after errors or a hang. `removed`: it said that it is gone; left alone too. `half-open`: it gets one
 * request at a time, to show that it works.
 */
export type Health = 'closed' | 'open' | 'half-open' | 'removed'

export interface BreakerOptions {
  /** So many errors … Default 8. */
  readonly errors: number
  /** … among so many answers open the breaker. Default 64. */
  readonly among: number
  /** Good probes in a row that close it again. Default 4. */
  readonly goodProbes: number
  /** Milliseconds from opening to the first probe; doubles after each failure up to `mostBackoffMs`. Default 100. */
  readonly backoffMs: number
  /** Default 10,000. */
  readonly mostBackoffMs: number
  /** Part of a back-off that chance decides, so that many devices do not probe together. 0 to 1, default 0.5. */
  readonly jitter: number
}

export const breakerDefaults: BreakerOptions = {
  errors: 8,
  among: 64,
  goodProbes: 4,
  backoffMs: 100,
  mostBackoffMs: 10_000,
  jitter: 0.5,
}

/** What a request tells about the device. */
export type Sign = 'good' | 'error' | 'hang' | 'nothing'

/**
 * A hang opens it at once. A back-off grows over failures and is forgotten only after `among` good answers in a row, so a device that
 * flaps gets fewer and fewer chances. A request that was sent before the breaker opened changes nothing any more, except errors in use.
 */
export class Breaker {
  health: Health = 'closed'
  readonly #options: BreakerOptions
  readonly #counts: BreakerCounts
  readonly #now: () => number
  readonly #random: () => number
  /** 1 for an error, the last `among` answers, round and round. */
  readonly #recent: Uint8Array
  #at = 0
  #errors = 0
  #goodInARow = 0
  #backoffMs: number
  /** When the device may be asked again; used unless closed. */
  #askAt = 0
  #probing = false

  constructor(options: BreakerOptions, counts: BreakerCounts, now: () => number, random: () => number) {
    this.#options = options
    this.#counts = counts
    this.#now = now
    this.#random = random
    this.#recent = new Uint8Array(options.among)
    this.#backoffMs = options.backoffMs
  }

  /** Whether a probe is out. */
  get probing(): boolean {
    return this.#probing
  }

  /** Only asked unless closed: whether the device may be asked, or why not. */
  gate(): 'go' | FallbackReason {
    if (this.#probing) return 'open'
    if (this.#now() >= this.#askAt) return 'go'
    return this.health === 'removed' ? 'removed' : 'open'
  }

  /** The device has no stream. */
  refused(reason: FallbackReason): void {
    if (reason === 'removed') this.#shut('removed')
    else if (this.health !== 'closed') this.#later()
  }

  /** The device lends a stream. True: the request is a probe. */
  lent(): boolean {
    if (this.health === 'closed') return false
    if (this.health !== 'half-open') {
      this.health = 'half-open'
      this.#counts.halfOpened++
      this.#goodInARow = 0
    }
    this.#counts.probes++
    this.#probing = true
    return true
  }

  /** How a request ended. */
  note(sign: Sign, probe: boolean): void {
    if (probe) this.#probed(sign)
    else if (this.health === 'closed') this.#noteInUse(sign)
  }

  #noteInUse(sign: Sign): void {
    if (sign === 'nothing') return
    if (sign === 'hang') {
      this.#shut('open')
      return
    }
    const bad = sign === 'good' ? 0 : 1
    this.#errors += bad - (this.#recent[this.#at] as number)
    this.#recent[this.#at] = bad
    if (++this.#at === this.#recent.length) this.#at = 0
    if (bad) {
      this.#goodInARow = 0
      if (this.#errors >= this.#options.errors) this.#shut('open')
    } else if (++this.#goodInARow === this.#options.among) this.#backoffMs = this.#options.backoffMs
  }

  #probed(sign: Sign): void {
    this.#probing = false
    if (sign === 'nothing') {
      this.#counts.probesVoid++
      this.#later()
    } else if (sign !== 'good') {
      this.#counts.probesBad++
      this.#shut('open')
    } else {
      this.#counts.probesGood++
      if (this.health === 'half-open' && ++this.#goodInARow >= this.#options.goodProbes) this.#close()
    }
  }

  #close(): void {
    this.health = 'closed'
    this.#counts.closed++
    this.#recent.fill(0)
    this.#errors = 0
    this.#goodInARow = 0
  }

  #shut(health: 'open' | 'removed'): void {
    if (this.health !== health) this.#counts[health === 'open' ? 'opened' : 'removed']++
    this.health = health
    this.#later()
    this.#backoffMs = Math.min(2 * this.#backoffMs, this.#options.mostBackoffMs)
  }

  #later(): void {
    const { jitter } = this.#options
    this.#askAt = this.#now() + this.#backoffMs * (1 - jitter * this.#random())
  }
}
