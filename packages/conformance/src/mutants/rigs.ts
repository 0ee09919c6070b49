/** Front ends and devices that are wrong in one way each: what level 2 must catch on a backend that is right. */
import {
  type ManagedStream,
  type ManagedStreams,
  neverWait,
  policy,
  quota,
  Status,
  strict,
  waitUpTo,
} from '@zcomp/core'
import type { Rig } from '../managed/rig.js'
import { frontEnds } from './front-ends.js'

export interface FaultyRig {
  readonly name: string
  /** What was forgotten, or thought to be unnecessary. */
  readonly mistake: string
  readonly rig: Rig
}

/** Each stream's `compress` replaced, and the stream put back as what it was. */
function withCompress(
  change: (stream: ManagedStream, now: () => number) => ManagedStream['compress'],
): NonNullable<Rig['streams']> {
  return (streams, runtime) => {
    const originals = new Map<ManagedStream, ManagedStream>()
    return {
      ...streams,
      getStream() {
        const got = streams.getStream()
        if (typeof got === 'string') return got
        const changed = { ...got, compress: change(got, () => runtime.now()) }
        originals.set(changed, got)
        return changed
      },
      putStream: (stream) => streams.putStream(originals.get(stream) ?? stream),
    }
  }
}

/** What becomes of each answer. */
const withAnswer = (change: (answer: number) => number): NonNullable<Rig['streams']> =>
  withCompress((stream) => async (length) => change(await stream.compress(length)))

function leaking(streams: ManagedStreams): ManagedStreams {
  let puts = 0
  return {
    ...streams,
    putStream(stream) {
      if (puts++ !== 3) streams.putStream(stream)
    },
  }
}

function puttingTwice(streams: ManagedStreams): ManagedStreams {
  return {
    ...streams,
    putStream(stream) {
      streams.putStream(stream)
      streams.putStream(stream)
    },
  }
}

/** Gives whoever asked first the answer that comes first. */
function inOrder(): NonNullable<Rig['streams']> {
  const waiting: ((answer: number) => void)[] = []
  return withCompress((stream) => (length) => {
    const answer = new Promise<number>((resolve) => waiting.push(resolve))
    void stream.compress(length).then(
      (wrote) => waiting.shift()?.(wrote),
      () => waiting.shift()?.(Status.fault),
    )
    return answer
  })
}

const settings: readonly FaultyRig[] = [
  {
    name: 'poc',
    mistake: 'falls back at acquisition only, as the kernel patches do',
    rig: { managed: () => ({ compat: 'poc' }) },
  },
  {
    name: 'strict',
    mistake: 'has no software behind the device',
    rig: { managed: (m) => ({ ...m, policy: strict() }) },
  },
  {
    name: 'endless-deadline',
    mistake: 'waits for as long as it takes',
    rig: { managed: (m) => ({ ...m, deadlineMs: 2 ** 31 - 1 }) },
  },
  {
    name: 'impatient',
    mistake: 'takes half the deadline for all of it',
    rig: { managed: (m) => ({ ...m, deadlineMs: (m.deadlineMs ?? 1000) / 2 }) },
  },
  {
    name: 'no-breaker',
    mistake: 'asks a failing device for every page',
    rig: { managed: (m) => ({ ...m, breaker: 'none' }) },
  },
  {
    name: 'hasty-breaker',
    mistake: 'gives a device up for one error',
    rig: { managed: (m) => ({ ...m, breaker: { errors: 1 } }) },
  },
  {
    name: 'no-backoff',
    mistake: 'takes a device back as soon as it opened the breaker',
    rig: {
      managed: (m) => ({ ...m, breaker: { errors: 4, among: 16, goodProbes: 1, backoffMs: 0, mostBackoffMs: 0 } }),
    },
  },
  { name: 'no-verify', mistake: 'believes what a device wrote', rig: { managed: (m) => ({ ...m, verify: 0 }) } },
  {
    name: 'waits-when-exhausted',
    mistake: 'waits for a stream although asked not to',
    rig: { managed: (m) => ({ ...m, policy: waitUpTo(50) }) },
  },
  {
    name: 'forgets-who-waits',
    mistake: 'turns pages away that were to wait',
    rig: { managed: (m) => ({ ...m, policy: neverWait() }) },
  },
  {
    name: 'compresses-itself',
    mistake: 'never asks the device',
    rig: { managed: (m) => ({ ...m, policy: policy('never', () => ({ admit: () => 'policy' })) }) },
  },
  { name: 'no-quota', mistake: 'lets one take all', rig: { managed: (m) => ({ ...m, policy: neverWait() }) } },
  {
    name: 'reserves-for-nobody',
    mistake: 'keeps streams back that nobody reserved',
    rig: { managed: (m) => ({ ...m, policy: quota(1) }) },
  },
]

const devices: readonly FaultyRig[] = [
  {
    name: 'puts-twice',
    mistake: 'puts a stream once for the answer and once for the release',
    rig: { streams: puttingTwice },
  },
  { name: 'leaks-streams', mistake: 'forgets a stream of those that come back', rig: { streams: leaking } },
  {
    name: 'answers-in-order',
    mistake: 'takes the order of answers for that of requests',
    rig: { streams: (s, r) => inOrder()(s, r) },
  },
  {
    name: 'loses-an-answer',
    mistake: 'drops an interrupt',
    rig: {
      streams(streams, runtime) {
        let requests = 0
        const losing = withCompress((stream) => (length) => {
          const answer = stream.compress(length)
          return requests++ === 2 ? answer.then(() => new Promise<number>(() => {})) : answer
        })
        return losing(streams, runtime)
      },
    },
  },
  {
    name: 'puts-at-deadline',
    mistake: 'gives the stream back when it stops waiting, while the device has it',
    rig: {
      streams: (streams, runtime) =>
        withCompress((stream) => (length) => {
          const late = new Promise<number>((resolve) => void runtime.after(15, () => resolve(Status.fault)))
          return Promise.race([stream.compress(length), late])
        })(streams, runtime),
    },
  },
  {
    name: 'believes-any-status',
    mistake: 'takes what it does not know for a page not worth compressing',
    rig: { streams: withAnswer((answer) => (answer > 0 ? answer : Status.declined)) },
  },
  {
    name: 'declined-is-an-error',
    mistake: 'takes a page that does not compress for a failure',
    rig: {
      streams: withAnswer((answer) =>
        answer === Status.declined || answer === Status.noSpace ? Status.fault : answer,
      ),
    },
  },
  {
    name: 'needs-a-commit',
    mistake: 'rings only when asked to a second time',
    rig: {
      streams(streams) {
        let commits = 0
        return {
          ...streams,
          commit() {
            if (commits++ % 2) streams.commit()
          },
        }
      },
    },
  },
  {
    name: 'rings-for-each-page',
    mistake: 'wakes the device with each page',
    rig: {
      streams: (streams, runtime) =>
        withCompress((stream) => (length) => {
          const answer = stream.compress(length)
          streams.commit()
          return answer
        })(streams, runtime),
    },
  },
]

/** What `compat: 'poc'` is known to lose, not lost: caught by `pocCases`. */
export const curedPoc: FaultyRig = {
  name: 'cured-poc',
  mistake: "calls itself the patches' policy and redoes pages all the same",
  rig: { managed: () => ({ policy: neverWait(), deadlineMs: 100, verify: 1 }) },
}

/** Each is named by the scenarios that must catch it. */
export const faultyRigs: readonly FaultyRig[] = [...settings, ...devices, ...frontEnds]
