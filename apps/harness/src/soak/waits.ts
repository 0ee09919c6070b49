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
  /** Pages pending with it, its own included. */
  readonly ahead: number
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
 * main thread), and a tenth of a second. Not the devices' doing, and therefore on top: time in which the main thread did not run although
 * it was due, since the operating system ran somebody else, and time that the soak itself takes.
 */
export class Waits {
  requests = 0
  exceeded = 0
  /** Those that took longer than the deadline, the pages pending when they came, and a tenth of a second, whatever the reason: no violation, but to be known. */
  slow = 0
  /** The longest that a device took to close, in milliseconds. */
  longestCloseMs = 0
  longest: LongWait | undefined
  /** The one that came closest to what it might take. */
  tightest: LongWait | undefined
  readonly #software: { readonly pageMs: number }
  /** Waits by length: eight buckets to each doubling, from a microsecond. */
  readonly #buckets = new Uint32Array(256)
  #accepted = 0
  #ended = 0
  #excused = 0
  #last = look()
  readonly #timer: NodeJS.Timeout

  /** `pageMs`: what a page costs in software. */
  constructor(software: { readonly pageMs: number }) {
    this.#software = software
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

  /** Due is what a timer runs late; what of that the thread did not spend running, it was kept from. */
  #look(): void {
    const now = look()
    const ranMs = now.ranMs - this.#last.ranMs
    const lateMs = now.at - this.#last.at - lookMs
    if (now.ranMs > 0) this.#excused += Math.max(0, now.waitedMs - this.#last.waitedMs, lateMs - ranMs)
    this.#last = now
  }

  begin(pages: number): Wait {
    this.#accepted += pages
    const { out: ahead } = this
    const wait = { since: performance.now(), endedBefore: this.#ended, ahead, excusedBefore: this.#excused }
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
    const mostMs = deadlineMs + pending * this.#software.pageMs + slackMs
    if (ms > deadlineMs + wait.ahead * this.#software.pageMs + slackMs) this.slow++
    // Asked only where it may matter: asking costs a system call.
    if (ms > mostMs) this.#look()
    const long = { what, ms, mostMs, excusedMs: this.#excused - wait.excusedBefore }
    if (!this.longest || ms > this.longest.ms) this.longest = long
    if (!this.tightest || share(long) > share(this.tightest)) this.tightest = long
    if (share(long) <= 1) return undefined
    this.exceeded++
    return `${describeWait(long)}: waited too long, ${pending} pages pending`
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
  return `${what} ${ms.toFixed(1)} ms of ${mostMs.toFixed(1)}${excusedMs >= 0.05 ? ` + ${excusedMs.toFixed(1)} not run` : ''}`
}

interface Look {
  readonly at: number
  /** What the main thread has run, and could have run and did not, so far. */
  readonly ranMs: number
  readonly waitedMs: number
}

/** Linux only; elsewhere it says nothing, and nothing is excused. */
function look(): Look {
  const at = performance.now()
  try {
    const [ran, waited] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ').map(Number)
    return { at, ranMs: (ran ?? 0) / 1e6, waitedMs: (waited ?? 0) / 1e6 }
  } catch {
    return { at, ranMs: 0, waitedMs: 0 }
  }
}
