/** What cases do with managed streams, each answer held against the contract. */
import { type ManagedStream, type ManagedStreams, Status, type ZcompSetup } from '@zcomp/core'
import { check, fail, NotClaimed } from './check.js'
import type { Trial } from './types.js'

const reasons: readonly unknown[] = ['exhausted', 'starting', 'draining', 'removed']

/** Fails the case where a setup lends nothing though its caps say so. */
export function streamsOf(setup: ZcompSetup): ManagedStreams {
  const { managed } = setup
  if (typeof managed !== 'object' || managed === null)
    return fail("managed to be streams, since caps say 'compress'", managed)
  return managed
}

/** What getStream says, held against the contract. */
export function ask(managed: ManagedStreams): ManagedStream | string {
  let got: unknown
  try {
    got = managed.getStream()
  } catch (error) {
    fail('getStream never to throw', error)
  }
  if (reasons.includes(got)) return got as string
  const stream = got as ManagedStream
  const ok =
    stream?.src instanceof Uint8Array && stream.buffer instanceof Uint8Array && typeof stream.compress === 'function'
  check(ok, `getStream to give a stream, or one of ${reasons.join(', ')}`, got)
  return stream
}

/** Waits while the device starts. One that never comes up leaves nothing to judge. */
export async function firstStream(t: Trial, managed: ManagedStreams): Promise<ManagedStream> {
  for (let i = 0; i < 5000; i++) {
    const got = ask(managed)
    if (typeof got !== 'string') return got
    if (got !== 'starting') {
      if (managed.streams === 0) throw new NotClaimed(`the device is not there: getStream says '${got}'`)
      fail('a stream of a device that nobody else uses', got)
    }
    ring(managed)
    await t.pause()
  }
  return fail('the device to start', "'starting', 5000 times")
}

/** All the streams that are to be had now, and why there is no more. */
export async function allStreams(t: Trial, managed: ManagedStreams): Promise<[ManagedStream[], string]> {
  const streams = [await firstStream(t, managed)]
  for (let i = 0; i <= managed.streams + 1; i++) {
    const got = ask(managed)
    if (typeof got === 'string') return [streams, got]
    streams.push(got)
  }
  return fail(`at most ${managed.streams} streams, as 'streams' says`, `${streams.length}`)
}

/** The doorbell. */
export function ring(managed: ManagedStreams): void {
  try {
    managed.commit()
  } catch (error) {
    fail('commit never to throw', error)
  }
}

/** Hands a page to the device; only a promise will do. */
export function submit(stream: ManagedStream, length: number): Promise<number> {
  let answer: unknown
  try {
    answer = stream.compress(length)
  } catch (error) {
    fail('compress of a managed stream to return a promise', error)
  }
  check(
    typeof (answer as Promise<number>)?.then === 'function',
    'compress of a managed stream to return a promise',
    answer,
  )
  return answer as Promise<number>
}

/** How a stream can be asked: by promise, and by call where it has `submit`. */
export function formsOf(stream: ManagedStream): readonly Form[] {
  return stream.submit === undefined ? ['promise'] : ['promise', 'call']
}
export type Form = 'promise' | 'call'

/** Hands a page to the device in one form or the other. The answer is the first one. */
export function submitBy(form: Form, stream: ManagedStream, length: number): Promise<number> {
  if (form === 'promise') return submit(stream, length)
  return new Promise((resolve) => stream.submit?.(length, 0, (_ticket, answer) => resolve(answer)))
}

/** The same by `submit`, rung for, and nothing but one answer will do; resolves when no second has come for a while. */
export async function call(
  managed: ManagedStreams,
  stream: ManagedStream,
  length: number,
  ticket: number,
): Promise<number> {
  const answers: number[] = []
  let within = true
  let mistake: string | undefined
  let answered = (): void => {}
  const first = new Promise<void>((resolve) => {
    answered = resolve
  })
  stream.submit?.(length, ticket, (named, answer) => {
    if (within) mistake = 'an answer from within submit'
    else if (named !== ticket) mistake = `an answer with ticket ${named}`
    answers.push(answer)
    answered()
  })
  within = false
  ring(managed)
  await first
  for (let i = 0; i < 4; i++) {
    ring(managed)
    await null
  }
  check(mistake === undefined, `one answer with ticket ${ticket}, after submit has returned`, mistake)
  check(answers.length === 1, 'one answer', `${answers.length} answers`)
  return answers[0]!
}

/** A length that fits, `declined` or `noSpace`: a healthy device has no faults. */
export function checkAnswer(answer: number, stream: ManagedStream, what: string): number {
  const lawful = Number.isInteger(answer) && answer > 0 && answer <= stream.buffer.length
  const declined = answer === Status.declined || answer === Status.noSpace
  check(lawful || declined, `${what} to be answered with 1 to ${stream.buffer.length}, declined or noSpace`, answer)
  return answer
}
