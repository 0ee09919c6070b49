/** The shape of managed streams on a device in good health. What happens on one that fails is level 2. */
import type { ManagedStream, ManagedStreams, ZcompCaps, ZcompCtx } from '@zcomp/core'
import { check, fail, NotClaimed, sameBytes } from '../check.js'
import { expectPage } from '../codec.js'
import { makePage, type PageKind, pageKinds } from '../pages.js'
import { allStreams, call, checkAnswer, firstStream, formsOf, ring, streamsOf, submit, submitBy } from '../streams.js'
import type { Case, Trial } from '../types.js'

const isManaged = ({ managed }: ZcompCaps): boolean => managed === 'compress'

/** An answer about a page of a kind, held against the contract, and what was written against the page. */
function readBack(ctx: ZcompCtx, stream: ManagedStream, answer: number, kind: PageKind, page: Uint8Array): void {
  const wrote = checkAnswer(answer, stream, `a ${kind} page on the device`)
  if (kind === 'text') check(wrote > 0, 'a text page to be compressed by the device', wrote)
  if (wrote > 0) expectPage(ctx, stream.buffer.subarray(0, wrote), page, `a ${kind} page of the device`)
}

export const managedCases: readonly Case[] = [
  {
    id: 'managed/not-claimed',
    claim: "a setup lends no streams where caps say 'none'",
    level: 1,
    mutants: ['hides-a-device'],
    when: ({ managed }) => managed === 'none',
    async run(t) {
      const { managed } = await t.setup()
      check(managed === 'none', "managed to be 'none', as caps say", managed)
    },
  },
  {
    id: 'managed/shape',
    claim: 'a setup has streams, getStream, putStream and commit',
    level: 1,
    mutants: ['no-commit', 'claims-a-device'],
    when: isManaged,
    async run(t) {
      const managed = streamsOf(await t.setup())
      const { streams } = managed
      check(Number.isInteger(streams) && streams >= 0, 'streams to be a whole number from 0', streams)
      for (const name of ['getStream', 'putStream', 'commit'] as const) {
        check(typeof managed[name] === 'function', `${name} to be a function`, managed[name])
      }
    },
  },
  {
    id: 'managed/distinct',
    claim: 'each stream is lent to one holder at a time, and no two share memory',
    level: 1,
    mutants: ['lends-twice', 'streams-share-src'],
    when: isManaged,
    async run(t) {
      const managed = streamsOf(await t.setup())
      const [streams] = await allStreams(t, managed)
      check(new Set(streams).size === streams.length, `${streams.length} different streams`, `${new Set(streams).size}`)
      for (const name of ['src', 'buffer'] as const) {
        for (const [i, stream] of streams.entries()) stream[name].fill(i)
        for (const [i, stream] of streams.entries()) {
          check(
            stream[name].every((byte) => byte === (i & 255)),
            `${name} of stream ${i} to be its own`,
            'bytes of another',
          )
        }
      }
      for (const stream of streams) managed.putStream(stream)
    },
  },
  {
    id: 'managed/exhausted',
    claim:
      "getStream never throws nor waits: when all are lent it says 'exhausted', and a stream that is put can be had again",
    level: 1,
    mutants: ['throws-when-exhausted', 'get-stream-waits', 'loses-streams'],
    when: isManaged,
    async run(t) {
      const managed = streamsOf(await t.setup())
      let most = 0
      for (let round = 0; round < 4; round++) {
        const [streams, reason] = await allStreams(t, managed)
        check(reason === 'exhausted', `'exhausted' after ${streams.length} streams`, reason)
        check(streams.length >= most, `${most} streams again, after all were put`, `${streams.length}`)
        most = streams.length
        for (const stream of streams) managed.putStream(stream)
      }
    },
  },
  {
    id: 'managed/sizes',
    claim: 'src and buffer of a stream have a page or more, at the largest page too',
    level: 1,
    mutants: ['short-managed-buffer'],
    when: isManaged,
    async run(t) {
      for (const pageSize of new Set([t.pageSize, t.caps.pageSizes.max])) {
        const managed = streamsOf(await t.setup({ pageSize }))
        const stream = await firstStream(t, managed)
        const { src, buffer } = stream
        check(src.length >= pageSize, `a src of ${pageSize} bytes or more`, src)
        check(buffer.length >= pageSize, `a buffer of ${pageSize} bytes or more`, buffer)
        managed.putStream(stream)
      }
    },
  },
  {
    id: 'managed/round-trip',
    claim: 'what a managed stream writes, the software context of the same setup reads',
    level: 1,
    mutants: ['device-has-other-format', 'answers-without-promise'],
    when: isManaged,
    async run(t) {
      const setup = await t.setup()
      const managed = streamsOf(setup)
      const ctx = t.ctxOf(setup)
      for (const kind of pageKinds) {
        const stream = await firstStream(t, managed)
        const page = makePage(kind, t.pageSize, t.seed)
        stream.src.set(page)
        const promise = submit(stream, t.pageSize)
        ring(managed)
        const answer = await t.settle(promise, `a ${kind} page on the device`, () => ring(managed))
        readBack(ctx, stream, answer, kind, page)
        managed.putStream(stream)
      }
    },
  },
  {
    id: 'managed/submit',
    claim: 'a stream that has submit answers by its call as by a promise: once, later, with the ticket of the request',
    level: 1,
    mutants: ['answers-within-submit', 'answers-with-own-ticket', 'calls-twice', 'submit-sends-nothing'],
    when: isManaged,
    async run(t) {
      const setup = await t.setup()
      const managed = streamsOf(setup)
      const ctx = t.ctxOf(setup)
      const stream = await firstStream(t, managed)
      if (stream.submit === undefined) {
        managed.putStream(stream)
        throw new NotClaimed('streams have no submit, so core takes their promises')
      }
      for (const [i, kind] of pageKinds.entries()) {
        const page = makePage(kind, t.pageSize, t.seed)
        const what = `a ${kind} page that was submitted`
        stream.src.set(page)
        // Tickets grow and wrap; a device has nothing to read in them.
        const answer = await t.settle(call(managed, stream, t.pageSize, (2 ** 31 - 2 + i) | 0), what, () =>
          ring(managed),
        )
        readBack(ctx, stream, answer, kind, page)
      }
      managed.putStream(stream)
    },
  },
  {
    id: 'managed/src-kept',
    claim: 'the device never writes to src, nor detaches it',
    level: 1,
    mutants: ['device-writes-src', 'device-detaches-src'],
    when: isManaged,
    async run(t) {
      const managed = streamsOf(await t.setup())
      const stream = await firstStream(t, managed)
      const { src } = stream
      for (const kind of pageKinds) {
        const page = makePage(kind, t.pageSize, t.seed)
        src.set(page)
        const promise = submit(stream, t.pageSize)
        check(src.length >= t.pageSize, 'src not to be detached by submitting', src)
        sameBytes(src.subarray(0, t.pageSize), page, 'src after submitting')
        ring(managed)
        await t.settle(promise, `a ${kind} page on the device`, () => ring(managed))
        sameBytes(src.subarray(0, t.pageSize), page, 'src after the answer')
      }
      managed.putStream(stream)
    },
  },
  {
    id: 'managed/one-commit',
    claim: 'one commit is enough for all that was submitted before it, and commits with nothing to do are harmless',
    level: 1,
    mutants: ['needs-second-commit', 'calls-need-second-commit', 'commit-throws-when-idle'],
    when: isManaged,
    async run(t) {
      const setup = await t.setup()
      const managed = streamsOf(setup)
      const ctx = t.ctxOf(setup)
      for (const form of formsOf(await putBack(t, managed))) {
        const [streams] = await allStreams(t, managed)
        const pages = streams.map((_, i) => makePage('text', t.pageSize, t.seed + i))
        const answers = streams.map((stream, i) => {
          stream.src.set(pages[i]!)
          return submitBy(form, stream, t.pageSize)
        })
        ring(managed)
        for (const [i, stream] of streams.entries()) {
          const what = `page ${i} of ${streams.length}, asked for by ${form}, after one commit,`
          const wrote = checkAnswer(await t.settle(answers[i]!, what), stream, what)
          if (wrote > 0) expectPage(ctx, stream.buffer.subarray(0, wrote), pages[i]!, what)
          managed.putStream(stream)
        }
      }
      for (let i = 0; i < 1000; i++) ring(managed)
    },
  },
  {
    id: 'managed/setup-ends',
    claim: 'a setup that ends answers what is pending, and ends',
    level: 1,
    mutants: ['forgets-pending', 'forgets-calls'],
    when: isManaged,
    async run(t) {
      const forms = formsOf(await putBack(t, streamsOf(await t.setup())))
      for (const form of forms) {
        const setup = await t.ops.setupParams(t.params())
        if ('refused' in setup) fail('setupParams to accept', setup)
        const managed = streamsOf(setup)
        const stream = await firstStream(t, managed)
        stream.src.set(makePage('text', t.pageSize, t.seed))
        const answer = submitBy(form, stream, t.pageSize).then(
          () => {},
          () => {},
        )
        await t.settle(setup[Symbol.asyncDispose](), 'asyncDispose of a setup with a request out')
        await t.settle(answer, `a request by ${form} that was out when its setup ended`)
      }
    },
  },
]

/** A stream to look at, free again. */
async function putBack(t: Trial, managed: ManagedStreams): Promise<ManagedStream> {
  const stream = await firstStream(t, managed)
  managed.putStream(stream)
  return stream
}
