/** Stops using a device that does not pay: on a busy machine a second thread can make everything slower. */
import type { FallbackReason } from '../counts.js'
import { atLeast, type DeskView, type ManagedPolicy, type PolicyRun, type Verdict } from './policy.js'

export interface GovernorOptions {
  /** Length of a measurement with the device, in milliseconds of work. Default 50. */
  readonly windowMs?: number
  /** Length of a measurement without it. Default 20. */
  readonly sampleMs?: number
  /** Milliseconds of work from one measurement without the device to the next; doubles up to `mostMs` while the device pays. Default 1000. */
  readonly everyMs?: number
  /** How long the device rests when it does not pay, in milliseconds; doubles up to `mostMs`. Default 500. */
  readonly restMs?: number
  /** Default 8000. */
  readonly mostMs?: number
  /** Times software's pages per millisecond that the device must bring to stay in use. Default 1. */
  readonly stay?: number
  /** The same, to come back into use. Default 1.05. */
  readonly comeBack?: number
}

/** `on`: in use. `sample`: in use, but measured without. `off`: resting. `probe`: resting, but measured with. */
type Phase = 'on' | 'sample' | 'off' | 'probe'

/** Pages between two looks at the clock. */
const pagesPerLook = 16
/** Comparisons in a row that the device must lose before it is stopped: one may be another process's doing. */
const lostInARow = 2
/** Windows after a start, and after a rest, that are not judged: code on both sides is compiled as it runs, and an engine's caches are cold. */
const windowsToWarm = 8
const windowsToResume = 1
/** Milliseconds without a page that count as a pause, not as slow work. */
const pauseMs = 0.25

/**
 * Compares pages per millisecond with and without the device, over windows in which there was work all the time, and answers `policy`
 * while the device does not pay. A drop to the level of software is looked into at once, everything else after a while.
 */
export function governed(inner: ManagedPolicy, options: GovernorOptions = {}): ManagedPolicy {
  for (const [name, value] of Object.entries(options)) atLeast(0, `governed: ${name}`, value)
  return {
    ...inner,
    name: `governed ${inner.name}`,
    start: (view) => new Governor(view, inner.start(view), { ...defaults, ...options }),
  }
}

const defaults: Required<GovernorOptions> = {
  windowMs: 50,
  sampleMs: 20,
  everyMs: 1000,
  restMs: 500,
  mostMs: 8000,
  stay: 1,
  comeBack: 1.05,
}

class Governor implements PolicyRun {
  readonly #view: DeskView
  readonly #inner: PolicyRun
  readonly #options: Required<GovernorOptions>
  #phase: Phase = 'on'
  /** Pages per millisecond, with and without the device; 0 until measured. */
  #with = 0
  #without = 0
  /** Of the window that runs: its pages, those sent to the device, its milliseconds of work. */
  #pages = 0
  #sent = 0
  #ms = 0
  /** When this stretch of work was last looked at. */
  #since = Number.NEGATIVE_INFINITY
  #idle = true
  #last = false
  #untilLook = pagesPerLook
  /** Milliseconds of work until the next measurement without the device, and how long that will be next time. */
  #left: number
  #every: number
  #rest: number
  #restUntil = 0
  #lost = 0
  /** Windows with the device that are still not judged. */
  #unjudged = windowsToWarm

  constructor(view: DeskView, inner: PolicyRun, options: Required<GovernorOptions>) {
    this.#view = view
    this.#inner = inner
    this.#options = options
    this.#left = 0
    this.#every = options.everyMs
    this.#rest = options.restMs
  }

  admit(backlog: number): Verdict {
    this.#count(backlog)
    if (this.#phase === 'off' || this.#phase === 'sample') return 'policy'
    const verdict = this.#inner.admit(backlog)
    if (verdict === 'go') this.#sent++
    return verdict
  }

  refused(reason: FallbackReason, waitedMs: number): FallbackReason | 'wait' {
    return this.#inner.refused(reason, waitedMs)
  }

  answered(): void {
    this.#inner.answered()
    if (!this.#last || this.#idle || this.#view.inFlight > 0) return
    this.#look()
    this.#idle = true
  }

  rest(): void {
    this.#inner.rest()
    this.#last = true
  }

  /** The first page after a pause starts the clock and does not count: n pages have n - 1 times between them. */
  #count(backlog: number): void {
    if (this.#last && this.#view.inFlight === 0) this.#idle = true
    this.#last = backlog === 0
    if (this.#idle) {
      this.#idle = false
      const now = this.#view.now()
      if (now - this.#since > pauseMs) {
        this.#since = now
        return
      }
    }
    this.#pages++
    if (--this.#untilLook > 0 && !this.#last) return
    this.#look()
  }

  #look(): void {
    this.#untilLook = pagesPerLook
    const now = this.#view.now()
    this.#ms += now - this.#since
    this.#since = now
    const { windowMs, sampleMs } = this.#options
    if (this.#ms < (this.#phase === 'sample' ? sampleMs : windowMs)) return
    const rate = this.#pages / this.#ms
    this.#windowOver(rate, now)
    this.#pages = this.#sent = this.#ms = 0
  }

  #windowOver(rate: number, now: number): void {
    if (this.#phase === 'sample') this.#compare(rate, now)
    else if (this.#unjudged > 0 && this.#phase !== 'off') this.#unjudged--
    else if (this.#phase === 'probe') this.#probed(rate, now)
    else if (this.#phase === 'off') {
      this.#without = rate
      if (now < this.#restUntil) return
      this.#phase = 'probe'
      this.#unjudged = windowsToResume
    } else this.#onWindow(rate)
  }

  /** A window in which hardly a page went to the device says nothing about it. */
  #onWindow(rate: number): void {
    if (this.#sent * 50 < this.#pages) return
    this.#with = rate
    this.#left -= this.#options.windowMs
    const dropped = rate < this.#without * this.#options.stay
    if (this.#left > 0 && !dropped) return
    if (dropped) this.#every = this.#options.everyMs
    this.#phase = 'sample'
  }

  #compare(rate: number, now: number): void {
    this.#without = rate
    this.#phase = 'on'
    if (this.#with < rate * this.#options.stay) {
      this.#left = 0
      if (++this.#lost >= lostInARow) this.#stop(now)
      return
    }
    this.#lost = 0
    this.#left = this.#every
    this.#every = Math.min(2 * this.#every, this.#options.mostMs)
  }

  #probed(rate: number, now: number): void {
    if (rate < this.#without * this.#options.comeBack) {
      this.#stop(now)
      return
    }
    this.#with = rate
    this.#lost = 0
    this.#phase = 'on'
    this.#rest = this.#options.restMs
    this.#every = this.#options.everyMs
    this.#left = this.#every
  }

  #stop(now: number): void {
    this.#phase = 'off'
    this.#restUntil = now + this.#rest
    this.#rest = Math.min(2 * this.#rest, this.#options.mostMs)
  }
}
