/** A task that writes pages: gets a stream and a context, submits, waits, puts. It holds locks for single steps only, so a step is one. */
import { itemAt, listStream, note, type Poc, requestOf, unlistStream } from './parts.js'

export const writerSteps = {
  idle: 0,
  takeStream: 1,
  takeContext: 2,
  giveBack: 3,
  reset: 4,
  enqueue: 5,
  complete: 6,
  wait: 7,
  put: 8,
  listStream: 9,
  putContext: 10,
  over: 11,
} as const

const { idle, takeStream, takeContext, giveBack, reset, enqueue, complete, wait, put, over } = writerSteps
const putContext = writerSteps.putContext
const { listStream: list } = writerSteps

const texts: Readonly<Record<number, string>> = {
  [idle]: 'looks whether the device has managed streams',
  [takeStream]: 'takes a stream off the list',
  [takeContext]: "takes one of the device's contexts",
  [giveBack]: 'lists the stream again, and goes to software',
  [reset]: "resets the stream's completion",
  [enqueue]: 'puts its request into the queue for submissions',
  [complete]: 'counts one wake-up for the worker',
  [wait]: "is woken by the stream's completion, and takes result and buffer",
  [put]: 'puts the stream: looks at the capability flag',
  [list]: 'lists the stream',
  [putContext]: 'gives the context back',
}

/** Steps that touch nothing that anybody else looks at: they may as well come at once. */
export function writerStepIsPrivate({ at, options }: Poc, s: Uint8Array, writer: number): boolean {
  const step = s[at.writerStep + writer]
  return (step === reset && !options.timeouts) || (step === put && !options.clears)
}

/** Ways in which its next step may go; 0 where it is blocked or over. */
export function writerChoices(poc: Poc, s: Uint8Array, writer: number): number {
  const { at, options } = poc
  const step = s[at.writerStep + writer]!
  if (step === over) return 0
  if (step !== wait) return step === idle && s[at.driverStep + (writer % options.devices)] !== 3 ? 0 : 1
  const woken = s[at.done + s[at.stream + writer]!]! > 0
  // 1: woken. 2: it may give up as well. 3: it can only give up.
  if (!options.timeouts) return woken ? 1 : 0
  return woken ? 2 : 3
}

export function stepWriter(poc: Poc, s: Uint8Array, writer: number, choice: number): void {
  const { at, options } = poc
  const pc = at.writerStep + writer
  const device = writer % options.devices
  const stream = s[at.stream + writer]!
  switch (s[pc]) {
    case idle:
      if (s[at.managed + device]) s[pc] = takeStream
      else endRound(poc, s, writer)
      break
    case takeStream: {
      const got = unlistStream(poc, s)
      if (got < 0) endRound(poc, s, writer)
      else {
        s[at.stream + writer] = got
        s[pc] = takeContext
      }
      break
    }
    case takeContext:
      s[pc] = s[at.contexts + device] === 0 ? giveBack : reset
      if (s[pc] === reset) s[at.contexts + device]!--
      else note(poc, s, 'refused with a stream in hand')
      break
    case giveBack:
      listStream(poc, s, stream)
      endRound(poc, s, writer)
      break
    case reset:
      s[at.done + stream] = 0
      s[pc] = enqueue
      break
    default:
      stepRequest(poc, s, writer, choice)
  }
}

function stepRequest(poc: Poc, s: Uint8Array, writer: number, choice: number): void {
  const { at, options } = poc
  const pc = at.writerStep + writer
  const device = writer % options.devices
  const stream = s[at.stream + writer]!
  switch (s[pc]) {
    case enqueue:
      s[pc] = submit(poc, s, writer) ? complete : put
      // EBUSY after a stream was had is what the write comes to.
      if (s[pc] === put) note(poc, s, 'failed write')
      break
    case complete:
      s[at.tokens]!++
      s[pc] = wait
      break
    case wait:
      if (choice === 0) receive(poc, s, writer)
      s[pc] = put
      break
    case put:
      if (s[at.managed + device]) s[pc] = list
      else {
        note(poc, s, 'put ignored')
        endRound(poc, s, writer)
      }
      break
    case list:
      // Without timeouts nobody sees again what is in it.
      if (!options.timeouts) forget(poc, s, stream)
      listStream(poc, s, stream)
      s[pc] = putContext
      break
    case putContext:
      s[at.contexts + device]!++
      endRound(poc, s, writer)
  }
}

/** False where the queue is full. */
function submit(poc: Poc, s: Uint8Array, writer: number): boolean {
  const { at, options } = poc
  const queue = s[at.submitIndex]!
  if (s[at.queued + queue] === options.depth) return false
  const item = itemAt(poc, queue, s[at.queued + queue]!++)
  s[item] = s[at.stream + writer]!
  s[item + 1] = requestOf(poc, s, writer)
  return true
}

function receive(poc: Poc, s: Uint8Array, writer: number): void {
  const { at } = poc
  const stream = s[at.stream + writer]!
  s[at.done + stream]!--
  if (s[at.bufferOf + stream] !== requestOf(poc, s, writer)) note(poc, s, "another request's result")
  if (s[at.result + stream]) note(poc, s, 'failed write')
}

function forget({ at }: Poc, s: Uint8Array, stream: number): void {
  s[at.bufferOf + stream] = 0
  s[at.result + stream] = 0
}

function endRound(poc: Poc, s: Uint8Array, writer: number): void {
  const { at, options } = poc
  s[at.stream + writer] = 0
  const rounds = ++s[at.round + writer]!
  s[at.writerStep + writer] = rounds === options.rounds ? over : idle
}

export function tellWriter(poc: Poc, s: Uint8Array, writer: number, choice: number): string {
  const { at } = poc
  const step = s[at.writerStep + writer]!
  const gaveUp = step === wait && choice === 1
  const doing = gaveUp ? 'gives up waiting, and does the page in software' : texts[step]
  const held = step > takeStream ? ` (stream ${s[at.stream + writer]})` : ''
  return `writer ${writer}, page ${s[at.round + writer]! + 1}: ${doing}${held}`
}
