/** The thread that serves requests: burns one wake-up, switches queues, empties the one that was for submissions. */
import { itemAt, note, type Poc } from './parts.js'

export const workerSteps = { sleep: 0, flip: 1, read: 2, advance: 3, compress: 4, wake: 5 } as const
const { sleep, flip, read, advance, compress, wake } = workerSteps

const texts: Readonly<Record<number, string>> = {
  [sleep]: 'burns one wake-up',
  [flip]: 'takes the queue for submissions, and switches to the other',
  [read]: 'reads the next request',
  [advance]: 'advances out',
  [compress]: 'compresses, and stores the result',
  [wake]: "completes the stream's completion",
}

export function workerChoices(poc: Poc, s: Uint8Array, worker: number): number {
  const { at, options } = poc
  const step = s[at.workerStep + worker]!
  if (step === sleep) return s[at.tokens] === 0 ? 0 : 1
  return step === compress && options.errors ? 2 : 1
}

/** As for writers: a request that it has taken out is its own until its owner is woken. */
export function workerStepIsPrivate({ at, options }: Poc, s: Uint8Array, worker: number): boolean {
  return s[at.workerStep + worker] === compress && !options.timeouts && !options.errors && options.workers === 1
}

export function stepWorker(poc: Poc, s: Uint8Array, worker: number, choice: number): void {
  const { at } = poc
  const pc = at.workerStep + worker
  const queue = s[at.workerQueue + worker]!
  const item = at.workerItem + 2 * worker
  switch (s[pc]) {
    case sleep:
      s[at.tokens]!--
      s[pc] = flip
      break
    case flip: {
      const mine = s[at.submitIndex]!
      s[at.workerQueue + worker] = mine
      s[at.submitIndex] = 1 - mine
      if (s[at.queued + 1 - mine]! > 0) note(poc, s, 'switched to a queue that was not empty')
      s[pc] = read
      break
    }
    case read: {
      // Once out has passed in, the kernel's cursors would make it serve what was served long ago, four thousand million times.
      if (s[at.queued + queue] === 0) {
        s[at.workerQueue + worker] = 0
        s[pc] = sleep
        break
      }
      s.copyWithin(item, itemAt(poc, queue, 0), itemAt(poc, queue, 1))
      s[pc] = advance
      break
    }
    case advance:
      pass(poc, s, queue)
      s[pc] = compress
      break
    case compress:
      s[at.bufferOf + s[item]!] = s[item + 1]!
      s[at.result + s[item]!] = choice
      s[pc] = wake
      break
    case wake:
      finish(poc, s, item)
      s[pc] = read
  }
}

/** What is left moves up, instead of the cursor: which changes nothing but that there are fewer states. */
function pass(poc: Poc, s: Uint8Array, queue: number): void {
  const { at, options } = poc
  if (s[at.queued + queue] === 0) {
    note(poc, s, 'out passed in')
    return
  }
  s[at.queued + queue]!--
  const items = itemAt(poc, queue, 0)
  const end = items + 2 * options.depth
  s.copyWithin(items, items + 2, end)
  s.fill(0, end - 2, end)
}

function finish(poc: Poc, s: Uint8Array, item: number): void {
  const { at } = poc
  s[at.done + s[item]!]!++
  if (s[at.served + s[item + 1]!]!++ > 0) note(poc, s, 'served twice')
  s.fill(0, item, item + 2)
}

export function tellWorker(poc: Poc, s: Uint8Array, worker: number, choice: number): string {
  const { at } = poc
  const step = s[at.workerStep + worker]!
  const item = at.workerItem + 2 * worker
  const on = step > read ? ` (stream ${s[item]}, request ${s[item + 1]})` : ''
  const idle = step === read && s[at.queued + s[at.workerQueue + worker]!] === 0
  const doing = idle
    ? 'finds its queue empty'
    : step === compress && choice
      ? 'fails, and stores an error'
      : texts[step]
  return `worker ${worker}: ${doing}${on}`
}
