/** Backends whose device breaks the rules while it is in good health. */
import { type ManagedStream, type ManagedStreams, Status, type ZcompOps } from '@zcomp/core'
import { BatchDevice } from '../fakes/batch-device.js'
import { reference } from '../reference.js'
import type { Mutant } from './types.js'
import { withCaps, withSetup, withStream, withStreams } from './wrap.js'

const device = (): ZcompOps => reference({ device: new BatchDevice({ serviceMs: 0 }) })
const callingDevice = (): ZcompOps => reference({ device: new BatchDevice({ serviceMs: 0, answers: 'call' }) })

export const managedMutants: readonly Mutant[] = [
  {
    name: 'hides-a-device',
    mistake: 'has a device and forgets to claim it',
    caughtBy: 'managed/not-claimed',
    make: () => withCaps(device(), { managed: 'none' }),
  },
  {
    name: 'claims-a-device',
    mistake: "answers 'none' where its device is not to be had now",
    caughtBy: 'managed/shape',
    make: () => withCaps(reference(), { managed: 'compress' }),
  },
  {
    name: 'no-commit',
    mistake: 'leaves out what its device does not need',
    caughtBy: 'managed/shape',
    make: () => withStreams(device(), () => ({ commit: undefined }) as unknown as Partial<ManagedStreams>),
  },
  {
    name: 'lends-twice',
    mistake: 'takes a stream off the free list only when it is used',
    caughtBy: 'managed/distinct',
    make: () =>
      withStreams(device(), ({ getStream }) => {
        let last: ManagedStream | undefined
        let calls = 0
        return {
          getStream() {
            if (calls++ % 2 && last) return last
            const got = getStream()
            if (typeof got !== 'string') last = got
            return got
          },
        }
      }),
  },
  {
    name: 'streams-share-src',
    mistake: 'has one staging area for all streams',
    caughtBy: 'managed/distinct',
    make() {
      const src = new Uint8Array(65536)
      return withStream(device(), (stream) => ({
        src,
        compress(length) {
          stream.src.set(src)
          return stream.compress(length)
        },
      }))
    },
  },
  {
    name: 'throws-when-exhausted',
    mistake: 'takes an empty pool for an error',
    caughtBy: 'managed/exhausted',
    make: () =>
      withStreams(device(), ({ getStream }) => ({
        getStream() {
          const got = getStream()
          if (got === 'exhausted') throw new Error('no stream is free')
          return got
        },
      })),
  },
  {
    name: 'get-stream-waits',
    mistake: 'gives a promise of the next stream that is put',
    caughtBy: 'managed/exhausted',
    make: () =>
      withStreams(device(), ({ getStream }) => ({
        getStream() {
          const got = getStream()
          return got === 'exhausted' ? (new Promise(() => {}) as unknown as ManagedStream) : got
        },
      })),
  },
  {
    name: 'loses-streams',
    mistake: 'forgets one stream of those that are put',
    caughtBy: 'managed/exhausted',
    make: () =>
      withStreams(device(), ({ putStream }) => {
        let puts = 0
        return {
          putStream(stream) {
            if (puts++ !== 3) putStream(stream)
          },
        }
      }),
  },
  {
    name: 'short-managed-buffer',
    mistake: 'has slots for the usual page only',
    caughtBy: 'managed/sizes',
    make: () => withStream(device(), ({ buffer }) => ({ buffer: buffer.subarray(0, 4096) })),
  },
  {
    name: 'device-has-other-format',
    mistake: 'lets the device put a header before its bytes',
    caughtBy: 'managed/round-trip',
    make: () =>
      withStream(device(), ({ buffer, compress }) => ({
        async compress(length) {
          const wrote = await compress(length)
          buffer.copyWithin(4, 0, wrote).set([1, 2, 3, 4])
          return wrote + 4
        },
      })),
  },
  {
    name: 'answers-without-promise',
    mistake: 'answers at once where it can',
    caughtBy: 'managed/round-trip',
    make: () => withStream(device(), () => ({ compress: () => 100 as unknown as Promise<number> })),
  },
  {
    name: 'answers-within-submit',
    mistake: 'answers at once where it can',
    caughtBy: 'managed/submit',
    make: () =>
      withStream(callingDevice(), () => ({ submit: (_length, ticket, answered) => answered(ticket, Status.declined) })),
  },
  {
    name: 'answers-with-own-ticket',
    mistake: 'numbers its requests itself',
    caughtBy: 'managed/submit',
    make() {
      let own = 0
      return withStream(callingDevice(), ({ submit }) => ({
        submit: (length, ticket, answered) => submit?.(length, ticket, (_ticket, answer) => answered(++own, answer)),
      }))
    },
  },
  {
    name: 'calls-twice',
    mistake: 'answers when the page is done, and again when the group is',
    caughtBy: 'managed/submit',
    make: () =>
      withStream(callingDevice(), ({ submit }) => ({
        submit: (length, ticket, answered) =>
          submit?.(length, ticket, (same, answer) => {
            answered(same, answer)
            answered(same, answer)
          }),
      })),
  },
  {
    name: 'submit-sends-nothing',
    mistake: 'has submit for show',
    caughtBy: 'managed/submit',
    make: () => withStream(callingDevice(), () => ({ submit() {} })),
  },
  {
    name: 'device-writes-src',
    mistake: 'compresses in place and copies the result',
    caughtBy: 'managed/src-kept',
    make: () =>
      withStream(device(), ({ src, compress }) => ({
        async compress(length) {
          const wrote = await compress(length)
          src[0]! ^= 0x80
          return wrote
        },
      })),
  },
  {
    name: 'device-detaches-src',
    mistake: 'hands over src itself, as a mapped range that is unmapped',
    caughtBy: 'managed/src-kept',
    make: () =>
      withStream(device(), (stream) => {
        const src = new Uint8Array(65536)
        return {
          src,
          compress(length) {
            stream.src.set(structuredClone(src, { transfer: [src.buffer] }))
            return stream.compress(length)
          },
        }
      }),
  },
  {
    name: 'needs-second-commit',
    mistake: 'starts at a commit what the commit before has found',
    caughtBy: 'managed/one-commit',
    make: () =>
      withStreams(device(), ({ commit }) => {
        let commits = 0
        return {
          commit() {
            if (commits++ % 2) commit()
          },
        }
      }),
    options: () => ({ limitMs: 300 }),
  },
  {
    name: 'calls-need-second-commit',
    mistake: 'answers promises of a group in order, and calls with the group after it',
    caughtBy: 'managed/one-commit',
    make() {
      const kept: (() => void)[] = []
      const late = withStream(callingDevice(), ({ submit }) => ({
        submit: (length, ticket, answered) =>
          submit?.(length, ticket, (same, answer) => void kept.push(() => answered(same, answer))),
      }))
      return withStreams(late, ({ commit }) => ({
        commit() {
          for (const answer of kept.splice(0)) answer()
          commit()
        },
      }))
    },
    options: () => ({ limitMs: 300 }),
  },
  {
    name: 'commit-throws-when-idle',
    mistake: 'takes a doorbell with nothing submitted for a mistake',
    caughtBy: 'managed/one-commit',
    make: () =>
      withStreams(device(), ({ commit }) => {
        let commits = 0
        return {
          commit() {
            if (commits++ > 100) throw new Error('nothing to commit')
            commit()
          },
        }
      }),
  },
  {
    name: 'forgets-pending',
    mistake: 'stops the device and leaves its requests without an answer',
    caughtBy: 'managed/setup-ends',
    make: () => withSetup(device(), (setup) => ({ ...setup, async [Symbol.asyncDispose]() {} })),
    options: () => ({ limitMs: 300 }),
  },
  {
    name: 'forgets-calls',
    mistake: 'knows at its end of the promises that are out, and not of the calls',
    caughtBy: 'managed/setup-ends',
    make() {
      let ended = false
      const deaf = withStream(callingDevice(), ({ submit }) => ({
        submit: (length, ticket, answered) =>
          submit?.(length, ticket, (same, answer) => {
            if (!ended) answered(same, answer)
          }),
      }))
      return withSetup(deaf, (setup) => {
        ended = false
        return {
          ...setup,
          [Symbol.asyncDispose]() {
            ended = true
            return setup[Symbol.asyncDispose]()
          },
        }
      })
    },
    options: () => ({ limitMs: 300 }),
  },
]
