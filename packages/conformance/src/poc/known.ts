/** What is known to be wrong with the kernel patches' accelerator, as explorations that have to find it. */

import { explore } from '../explorer/explore.js'
import type { Exploration } from '../explorer/model.js'
import { pocModel } from './model.js'
import type { PocOptions } from './parts.js'

export interface KnownDefect {
  /** As in docs/invariants.md. */
  readonly id: string
  readonly title: string
  readonly options: Partial<PocOptions>
  /** Kinds that must be found, and no others but these and `besides`. */
  readonly kinds: readonly string[]
  /** What the same exploration shows of other defects. */
  readonly besides: readonly string[]
}

const one = { writers: 1, streams: 1, contexts: 1, depth: 1 }
const owed = 'more wake-ups than requests'

export const knownDefects: readonly KnownDefect[] = [
  {
    id: 'W1',
    title: 'the last reset leaves the global mutex locked, so there is no second set-up',
    options: { ...one, lives: 2 },
    kinds: ['mutex left locked'],
    besides: [],
  },
  {
    id: 'W2',
    title: 'wake-ups are counted, so those that were not needed are owed',
    options: { writers: 2, rounds: 3 },
    kinds: [owed],
    besides: [],
  },
  {
    id: 'W3',
    title: 'an error of the device fails the write',
    options: { ...one, errors: true },
    kinds: ['failed write'],
    besides: [],
  },
  {
    id: 'W3',
    title: 'a full queue fails the write',
    options: { writers: 2, depth: 1 },
    kinds: ['failed write'],
    besides: [],
  },
  {
    id: 'W4',
    title: 'two workers on the two queues lose requests and serve others twice',
    options: { writers: 2, rounds: 2, workers: 2 },
    kinds: ['switched to a queue that was not empty', 'served twice', 'lost request', 'out passed in'],
    besides: [owed, "another request's result"],
  },
  {
    id: 'W8',
    title: 'with a timeout, a late completion hits the next owner of the stream',
    options: { writers: 2, streams: 1, contexts: 1, timeouts: true },
    kinds: ["another request's result"],
    besides: [owed, 'refused with a stream in hand'],
  },
  {
    id: 'W9',
    title: 'a stream is listed before its context is, and whoever takes it is refused',
    options: { writers: 2, streams: 1, contexts: 1 },
    kinds: ['refused with a stream in hand'],
    besides: [owed],
  },
  {
    id: 'W11',
    title: 'streams that are out when the capability is cleared never come back',
    options: { writers: 2, rounds: 1, clears: true },
    kinds: ['put ignored', 'streams leaked'],
    besides: [owed],
  },
]

/** Explores until the defect's kinds are found. Bounds: at most `maxStates`, default 1,000,000. */
export function exploreDefect({ options, kinds }: KnownDefect, maxStates: number = 1_000_000): Exploration {
  return explore(pocModel(options), { until: kinds, maxStates })
}
