/** Writes: so many requests outstanding all the time, or one now and then. */
import { granule } from '@zcomp/harness/pages'
import type { Pass, Sample } from '../../row.js'
import { Stopwatch } from '../../stopwatch.js'
import { requestBytes, sourceOf } from '../../work.js'
import { LoopDelay } from './loop-delay.js'

/** A device, or what takes the place of one. */
export interface Writable {
  write(at: number, data: Uint8Array): Promise<void> | void
  /** Waits for what a write has left to happen. */
  drain?(): void
}

export interface Work {
  readonly device: Writable
  /** As long as the device. */
  readonly bytes: Uint8Array
  readonly round: number
}

interface Request {
  readonly at: number
  readonly data: Uint8Array
}

/** The requests of a run, which goes over the device again and again, with other contents each time. */
function requestsOf({ bytes, round }: Work, requests: number): (nth: number) => Request {
  const perLap = Math.ceil(bytes.length / requestBytes)
  const laps = Math.ceil(requests / perLap)
  return (nth) => {
    const at = (nth % perLap) * requestBytes
    const length = Math.min(requestBytes, bytes.length - at)
    const from = sourceOf(at, length, round * laps + Math.floor(nth / perLap), bytes.length)
    return { at, data: bytes.subarray(from, from + length) }
  }
}

/** What a policy has learnt in another pass should not count in this one: it has so many milliseconds to look again. */
const leadInMs = 300

/** Writes as a pass does, for a while that is not measured. */
export async function leadIn(work: Work, requests: number, outstanding: number): Promise<void> {
  const until = performance.now() + leadInMs
  const requestAt = requestsOf({ ...work, round: work.round + 17 }, requests)
  let next = 0
  await inLanes(outstanding, async () => {
    while (next < requests && performance.now() < until) {
      const { at, data } = requestAt(next++)
      await work.device.write(at, data)
    }
  })
}

async function inLanes(count: number, lane: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, lane))
}

/** Requests in a stretch: 32 MiB, some 50 ms of lz4. A device at rest takes half a millisecond of it to get going. */
const stretchRequests = 256

/** Stretches of a pass of so many requests. */
export function stretchesOf(requests: number): number {
  return Math.ceil(requests / stretchRequests)
}

/** Writes `requests` requests in stretches, `outstanding` of them at a time. */
export class WritePass implements Pass {
  readonly #work: Work
  readonly #requests: number
  readonly #outstanding: number
  readonly #requestAt: (nth: number) => Request
  readonly #tookMs: Float64Array
  readonly #delay = new LoopDelay()
  readonly #watch = new Stopwatch()
  #next = 0
  #written = 0

  constructor(work: Work, requests: number, outstanding: number) {
    this.#work = work
    this.#requests = requests
    this.#outstanding = outstanding
    this.#requestAt = requestsOf(work, requests)
    this.#tookMs = new Float64Array(requests)
  }

  async run(nth: number): Promise<void> {
    const end = Math.min(this.#requests, (nth + 1) * stretchRequests)
    this.#delay.start()
    this.#watch.start()
    await inLanes(this.#outstanding, () => this.#lane(end))
    this.#work.device.drain?.()
    this.#watch.stop()
    this.#delay.stop()
  }

  async #lane(end: number): Promise<void> {
    while (this.#next < end) {
      const nth = this.#next++
      const { at, data } = this.#requestAt(nth)
      const from = performance.now()
      await this.#work.device.write(at, data)
      this.#tookMs[nth] = performance.now() - from
      this.#written += data.length
    }
  }

  end(): Sample {
    const took = this.#watch.took(this.#written / granule)
    return {
      ...took,
      figures: {
        ...latencies(this.#tookMs),
        'loop delay p99 ms': this.#delay.p99,
        'loop delay max ms': this.#delay.most,
        'cores busy': took.cpuNs / took.wallNs,
      },
    }
  }
}

/** The whole of such a pass. */
export async function writePass(work: Work, requests: number, outstanding: number): Promise<Sample> {
  const pass = new WritePass(work, requests, outstanding)
  for (let nth = 0; nth < stretchesOf(requests); nth++) await pass.run(nth)
  return pass.end()
}

/** Milliseconds between the requests of an idle device. */
const gapMs = 2

/** Writes `requests` requests, each some time after the one before has ended. */
export async function idlePass(work: Work, requests: number): Promise<Sample> {
  const requestAt = requestsOf(work, requests)
  const tookMs = new Float64Array(requests)
  const watch = new Stopwatch()
  let written = 0
  for (let nth = 0; nth < requests; nth++) {
    await new Promise((resolve) => setTimeout(resolve, gapMs))
    const { at, data } = requestAt(nth)
    watch.start()
    const from = performance.now()
    await work.device.write(at, data)
    tookMs[nth] = performance.now() - from
    watch.stop()
    written += data.length
  }
  return { ...watch.took(written / granule), figures: latencies(tookMs) }
}

/** Sorts its argument. */
function latencies(tookMs: Float64Array): { 'p50 us': number; 'p99 us': number } {
  tookMs.sort()
  const percentile = (part: number): number =>
    (tookMs[Math.min(tookMs.length - 1, Math.floor(part * tookMs.length))] ?? 0) * 1000
  return { 'p50 us': percentile(0.5), 'p99 us': percentile(0.99) }
}
