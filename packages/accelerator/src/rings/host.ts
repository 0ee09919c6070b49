/** Main's side of an engine's rings: the only writer of requests, the only reader of answers. */
import { entryWords, makeRingMemory, ringEntries, word } from './layout.js'

/** Told of every answer. `serviceMicros` is 0 where the engine did not measure. */
export type OnAnswer = (slot: number, generation: number, answer: number, serviceMicros: number) => void

export class HostRings {
  readonly memory: SharedArrayBuffer
  /** Requests pushed and not answered. */
  inFlight = 0
  readonly #words: Int32Array
  readonly #mask: number
  readonly #answers: number
  #head: number
  #published: number
  #tail: number

  /** `origin`: where cursors start, for whoever wants to see them wrap. */
  constructor(depth: number, origin: number = 0) {
    this.memory = makeRingMemory(depth, origin)
    this.#head = origin
    this.#published = origin
    this.#tail = origin
    this.#words = new Int32Array(this.memory)
    const entries = ringEntries(depth)
    this.#mask = entries - 1
    this.#answers = word.ring + entries * entryWords
  }

  /** Answers taken so far. It stands still where an engine hangs. */
  get taken(): number {
    return this.#tail
  }

  get asleep(): boolean {
    return Atomics.load(this.#words, word.asleep) !== 0
  }

  /** What the engine counted. */
  counter(index: number): number {
    return Atomics.load(this.#words, index)
  }

  /** Plain stores: `publish` makes them visible. The caller keeps `inFlight` at or below the depth. */
  push(slot: number, generation: number, setup: number, length: number): void {
    const words = this.#words
    const at = word.ring + (this.#head & this.#mask) * entryWords
    words[at] = slot
    words[at + 1] = generation
    words[at + 2] = setup
    words[at + 3] = length
    this.#head = (this.#head + 1) | 0
    this.inFlight++
  }

  /** Shows what was pushed. True where the engine sleeps, or is about to, and has to be woken. */
  publish(): boolean {
    if (this.#head === this.#published) return false
    this.#published = this.#head
    Atomics.store(this.#words, word.requestHead, this.#head)
    return ring(this.#words)
  }

  /** Says that a message was posted. True as in `publish`. */
  mailed(): boolean {
    Atomics.add(this.#words, word.mail, 1)
    return ring(this.#words)
  }

  /** Tells the engine to leave. True as in `publish`. */
  leave(): boolean {
    return leave(this.#words)
  }

  /** False after `leave`: the engine never enters a backend's code, for whoever begins looks at what `leave` has set. */
  get begun(): boolean {
    return Atomics.load(this.#words, word.begun) !== 0
  }

  /** Wakes an engine that sleeps. Some 10 to 70 microseconds of the caller's time, so not without need. */
  notify(): void {
    notify(this.#words)
  }

  /** Takes the answers at hand. False where the engine claims more than the ring holds: it is not to be believed. */
  collect(onAnswer: OnAnswer): boolean {
    const words = this.#words
    const head = Atomics.load(words, word.answerHead)
    const claimed = (head - this.#tail) | 0
    if (claimed < 0 || claimed > this.#mask + 1) return false
    while (this.#tail !== head) {
      const at = this.#answers + (this.#tail & this.#mask) * entryWords
      this.#tail = (this.#tail + 1) | 0
      onAnswer(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!)
    }
    return true
  }

  /**
   * Asks to be woken when half of what is in flight is done: early enough to refill, late enough to be worth it. False where that much is
   * done already, so that the engine may not have seen the wish: look again instead.
   */
  wish(): boolean {
    const at = (this.#tail + ((this.inFlight + 1) >> 1)) | 0
    const words = this.#words
    Atomics.store(words, word.wantAt, at)
    if (Atomics.load(words, word.want) === 0) Atomics.store(words, word.want, 1)
    return ((Atomics.load(words, word.answerHead) - at) | 0) < 0
  }

  /** Takes the wish back. It may come too late: a wake-up for nothing does no harm. */
  unwish(): void {
    if (Atomics.load(this.#words, word.want) !== 0) Atomics.store(this.#words, word.want, 0)
  }
}

/** Tells the engine of these rings to leave. True where it has to be woken. */
export function leave(words: Int32Array): boolean {
  Atomics.store(words, word.leave, 1)
  return ring(words)
}

/** Wakes an engine that sleeps. */
export function notify(words: Int32Array): void {
  Atomics.notify(words, word.asleep)
}

function ring(words: Int32Array): boolean {
  // Woken once a sleep: until the engine is up, which takes a while, each further call would cost as much and do nothing. Mostly it is up,
  // and a look costs less than an exchange of a word on the engine's own line.
  Atomics.add(words, word.bell, 1)
  return Atomics.load(words, word.asleep) === 1 && Atomics.compareExchange(words, word.asleep, 1, 2) === 1
}
