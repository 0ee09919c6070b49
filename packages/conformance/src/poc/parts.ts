/** What the accelerator of the kernel patches is made of, in bytes: a small one, and what an observer notes beside it. */
import { type Layout, layout } from '../explorer/layout.js'

export interface PocOptions {
  /** Block devices, each with contexts of its own; they share everything else. */
  readonly devices: number
  /** Tasks that write; the n-th writes to device n modulo `devices`. */
  readonly writers: number
  /** Pages that each of them writes between a set-up and a reset. */
  readonly rounds: number
  readonly streams: number
  /** Contexts of each device. */
  readonly contexts: number
  /** Requests that one of the two queues holds. */
  readonly depth: number
  /** Threads that serve requests; the patches have one. */
  readonly workers: number
  /** Set-ups and resets of each device. 0: it is set up from the start, and stays. */
  readonly lives: number
  /** A page may come back with an error. */
  readonly errors: boolean
  /** Whoever waits may give up, do the page in software, and put the stream: a timeout, added naively. */
  readonly timeouts: boolean
  /** The capability flag of a device may be cleared while it is in use. */
  readonly clears: boolean
}

export type PocField =
  | 'globalLock'
  | 'present'
  | 'refs'
  | 'free'
  | 'freeCount'
  | 'tokens'
  | 'submitIndex'
  | 'queued'
  | 'items'
  | 'done'
  | 'result'
  | 'bufferOf'
  | 'contexts'
  | 'managed'
  | 'driverStep'
  | 'life'
  | 'writerStep'
  | 'round'
  | 'stream'
  | 'workerStep'
  | 'workerQueue'
  | 'workerItem'
  | 'served'
  | 'wrong'

export interface Poc {
  readonly options: PocOptions
  readonly layout: Layout<PocField>
  readonly at: Readonly<Record<PocField, number>>
}

/** Bits of `wrong`, by what an observer would say. */
export const wrongs = [
  'served twice',
  'switched to a queue that was not empty',
  'out passed in',
  'failed write',
  "another request's result",
  'refused with a stream in hand',
  'put ignored',
] as const
export type Wrong = (typeof wrongs)[number]

export function makePoc(options: PocOptions): Poc {
  const { devices, writers, rounds, streams, depth, workers } = options
  const made = layout<PocField>({
    globalLock: 1,
    present: 1,
    refs: 1,
    free: streams,
    freeCount: 1,
    tokens: 1,
    submitIndex: 1,
    queued: 2,
    items: 2 * depth * 2,
    done: streams,
    result: streams,
    bufferOf: streams,
    contexts: devices,
    managed: devices,
    driverStep: devices,
    life: devices,
    writerStep: writers,
    round: writers,
    stream: writers,
    workerStep: workers,
    workerQueue: workers,
    workerItem: 2 * workers,
    served: writers * rounds + 1,
    wrong: 1,
  })
  return { options, layout: made, at: made.at }
}

export function note(poc: Poc, s: Uint8Array, wrong: Wrong): void {
  s[poc.at.wrong]! |= 1 << wrongs.indexOf(wrong)
}

/** Requests are numbered from 1: which writer, which of his pages. */
export function requestOf(poc: Poc, s: Uint8Array, writer: number): number {
  return writer * poc.options.rounds + s[poc.at.round + writer]! + 1
}

/** The list of free streams: last in, first out. */
export function listStream(poc: Poc, s: Uint8Array, stream: number): void {
  s[poc.at.free + s[poc.at.freeCount]!++] = stream
}

/** A stream's number, or -1. */
export function unlistStream(poc: Poc, s: Uint8Array): number {
  if (s[poc.at.freeCount] === 0) return -1
  const at = poc.at.free + --s[poc.at.freeCount]!
  const stream = s[at]!
  s[at] = 0
  return stream
}

/** Where the n-th item of a queue lies: its stream, and its request beside it. */
export function itemAt(poc: Poc, queue: number, nth: number): number {
  return poc.at.items + 2 * (queue * poc.options.depth + nth)
}
