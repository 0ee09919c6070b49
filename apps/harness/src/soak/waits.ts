/** How long requests wait, against what each may wait. */
import { readFileSync } from 'node:fs'

/** What a wait may take beyond its pages and the deadline, in milliseconds. */
const slackMs = 100
/** Between two looks at what the scheduler says, in milliseconds. */
const lookMs = 10

/** A request that is out. */
export interface Wait {
  readonly since: number
  readonly endedBefore: number
  readonly excusedBefore: number
}

export interface LongWait {
  readonly what: string
  readonly ms: number
  /** What it might take. */
  readonly mostMs: number
  readonly excusedMs: number
}

/**
 * A request may wait for the deadline, one software page for each page that was pending or came while it waited (all devices share the
 * main thread), and a tenth of a second. Not the devices' doing, and therefore on top: time in which the operating system ran somebody
 * else although the main thread could have run, and time that the soak itself takes to look at memory.
 */
export class Waits {
  requests = 0
  exceeded = 0
  /** The longest that a device took to close, in milliseconds. */
  longestCloseMs = 0
  longest: LongWait | undefined
  /** The one that came closest to what it might take. */
  tightest: LongWait | undefined
  readonly #softwareMs: number
  /** Waits by length: eight buckets to each doubling, from a microsecond. */
  readonly #buckets = new Uint32Array(256)
  #accepted = 0
  #ended = 0
  #excused = 0
  #starved = starvedMs()
  readonly #timer: NodeJS.Timeout

  /** `softwareMs`: what a page costs in software. */
  constructor(softwareMs: number) {
    this.#softwareMs = softwareMs
    this.#timer = setInterval(() => this.#look(), lookMs).unref()
  }

  get out(): number {
    return this.#accepted - this.#ended
  }

  /** Milliseconds that were nobody's fault, so far. */
  get excusedMs(): number {
    return this.#excused
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  closed(ms: number): void {
    this.longestCloseMs = Math.max(this.longestCloseMs, ms)
  }

  /** Time that the soak takes for itself. */
  excuse<T>(run: () => T): T {
    const since = performance.now()
    const result = run()
    this.#excused += performance.now() - since
    return result
  }

  #look(): void {
    const starved = starvedMs()
    this.#excused += starved - this.#starved
    this.#starved = starved
  }

  begin(pages: number): Wait {
    const wait = { since: performance.now(), endedBefore: this.#ended, excusedBefore: this.#excused }
    this.#accepted += pages
    this.requests++
    return wait
  }

  /** Answers with what is wrong, in words, or undefined. */
  end(what: string, pages: number, deadlineMs: number, wait: Wait): string | undefined {
    const ms = performance.now() - wait.since
    const pending = this.#accepted - wait.endedBefore
    this.#ended += pages
    const bucket = Math.max(0, Math.floor(8 * Math.log2(ms * 1000)))
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1
    const mostMs = deadlineMs + pending * this.#softwareMs + slackMs
    // Asked only where it may matter: asking costs a system call.
    if (ms > mostMs) this.#look()
    const long = { what, ms, mostMs, excusedMs: this.#excused - wait.excusedBefore }
    if (!this.longest || ms > this.longest.ms) this.longest = long
    if (!this.tightest || share(long) > share(this.tightest)) this.tightest = long
    if (share(long) <= 1) return undefined
    this.exceeded++
    return `waited too long: ${describeWait(long)}, ${pending} pages pending`
  }

  /** The length below which this part of the waits lies, in milliseconds. */
  quantile(part: number): number {
    let left = part * this.#buckets.reduce((sum, n) => sum + n, 0)
    for (let i = 0; i < this.#buckets.length; i++) {
      left -= this.#buckets[i] as number
      if (left <= 0) return 2 ** ((i + 1) / 8) / 1000
    }
    return 0
  }
}

function share({ ms, mostMs, excusedMs }: LongWait): number {
  return ms / (mostMs + excusedMs)
}

export function describeWait({ what, ms, mostMs, excusedMs }: LongWait): string {
  return `${what} ${ms.toFixed(1)} ms of ${mostMs.toFixed(1)}${excusedMs >= 0.05 ? ` + ${excusedMs.toFixed(1)} starved` : ''}`
}

/** How long the main thread could have run and did not, so far, in milliseconds. Linux only; elsewhere 0: nothing is excused. */
function starvedMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}
