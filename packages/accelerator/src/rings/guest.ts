/** The engine's side of its rings: the only reader of requests, the only writer of answers. It never blocks; its owner decides how to sleep. */
import { entryWords, word } from './layout.js'

export interface RingRequest {
  slot: number
  generation: number
  setup: number
  length: number
}

export class GuestRings {
  readonly words: Int32Array
  readonly #mask: number
  readonly #answers: number
  /** The same object for every request: none is allocated per page. */
  readonly #request: RingRequest = { slot: 0, generation: 0, setup: 0, length: 0 }
  #tail: number
  #head: number
  #published: number
  #mail = 0

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory)
    const entries = (this.words.length - word.ring) / (2 * entryWords)
    this.#mask = entries - 1
    this.#answers = word.ring + entries * entryWords
    this.#tail = this.words[word.origin]!
    this.#head = this.#tail
    this.#published = this.#tail
  }

  /** To be read before one looks at anything else: whatever is missed by looking has changed it. */
  get bell(): number {
    return Atomics.load(this.words, word.bell)
  }

  /** The next request, valid until the next call, or undefined. */
  take(): RingRequest | undefined {
    const words = this.words
    if (this.#tail === Atomics.load(words, word.requestHead)) return undefined
    const at = word.ring + (this.#tail & this.#mask) * entryWords
    this.#tail = (this.#tail + 1) | 0
    const request = this.#request
    request.slot = words[at]!
    request.generation = words[at + 1]!
    request.setup = words[at + 2]!
    request.length = words[at + 3]!
    return request
  }

  get waiting(): boolean {
    return this.#tail !== Atomics.load(this.words, word.requestHead)
  }

  /** Plain stores: `publish` makes them visible. */
  answer(slot: number, generation: number, answer: number, serviceMicros: number): void {
    const words = this.words
    const at = this.#answers + (this.#head & this.#mask) * entryWords
    words[at] = slot
    words[at + 1] = generation
    words[at + 2] = answer
    words[at + 3] = serviceMicros
    this.#head = (this.#head + 1) | 0
  }

  /** Shows what was answered. True where main wants to be woken now; whoever gets true has to do it. */
  publish(): boolean {
    if (this.#head === this.#published) return false
    const words = this.words
    this.#published = this.#head
    Atomics.store(words, word.answerHead, this.#head)
    if (Atomics.load(words, word.want) === 0) return false
    if (((this.#head - Atomics.load(words, word.wantAt)) | 0) < 0) return false
    if (Atomics.compareExchange(words, word.want, 1, 0) !== 1) return false
    this.count(word.wakes)
    return true
  }

  /** To be said before anything of a backend is touched. */
  begin(): void {
    Atomics.store(this.words, word.begun, 1)
  }

  /** Main wants this engine to end, whatever else there is to do. */
  get leaves(): boolean {
    return Atomics.load(this.words, word.leave) !== 0
  }

  /** True once for messages that were posted since the last call. */
  get mailed(): boolean {
    const mail = Atomics.load(this.words, word.mail)
    if (mail === this.#mail) return false
    this.#mail = mail
    return true
  }

  /**
   * From here on main wakes whom it rings. True where `bell` is still what it was when the engine looked: it may sleep, on `word.asleep`
   * while that is 1. Not on the bell: main, held up between ringing and waking, could take this sleep for the one before, and wake nobody
   * once it has begun.
   */
  lieDown(bell: number): boolean {
    this.count(word.sleeps)
    Atomics.store(this.words, word.asleep, 1)
    return this.bell === bell
  }

  getUp(): void {
    Atomics.store(this.words, word.asleep, 0)
  }

  count(index: number): void {
    Atomics.store(this.words, index, (this.words[index]! + 1) | 0)
  }
}
