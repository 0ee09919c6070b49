/** Which slots are free, what is kept for whom, and which request each is on. */
import type { Member } from './member.js'
import type { PooledStream } from './stream.js'

export class SlotTable {
  readonly size: number
  free: number
  /** Slots out of use. */
  lost = 0
  held = 0
  /** Reserved, and not taken by whom they are reserved for. */
  #owed = 0
  #reserved = 0
  /** Last in, first out: its lines are still in the cache. */
  readonly #stack: Int32Array
  /** Goes up when a request ends, so that whatever comes for it later matches nothing. */
  readonly #generations: Int32Array
  /** 1: the last request on the slot was settled by main, not by its engine. */
  readonly #forced: Uint8Array
  readonly #out: (PooledStream | undefined)[]

  constructor(size: number) {
    this.size = size
    this.free = size
    this.#stack = Int32Array.from({ length: size }, (_, i) => size - 1 - i)
    this.#generations = new Int32Array(size)
    this.#forced = new Uint8Array(size)
    this.#out = new Array<PooledStream | undefined>(size).fill(undefined)
  }

  /** What of a wish can be reserved for one more setup. */
  reserve(wish: number): number {
    const granted = Math.min(wish, this.size - this.#reserved)
    this.#reserved += granted
    this.#owed += granted
    return granted
  }

  unreserve({ reserve }: Member): void {
    this.#reserved -= reserve
    this.#owed -= reserve
  }

  /** A slot number, or -1: what is free is kept for others, or nothing is. */
  take(member: Member): number {
    const own = member.held < member.reserve
    if (this.free === 0 || (!own && this.free <= this.#owed)) return -1
    if (own) this.#owed--
    member.held++
    this.held++
    return this.#stack[--this.free]!
  }

  give(member: Member, stream: PooledStream): void {
    member.held--
    this.held--
    if (member.held < member.reserve) this.#owed++
    if (stream.state === 'lost') this.lost++
    else {
      stream.state = 'free'
      this.#stack[this.free++] = stream.slot
    }
    stream.member = undefined
  }

  generation(slot: number): number {
    return this.#generations[slot]!
  }

  flies(stream: PooledStream): void {
    this.#out[stream.slot] = stream
  }

  /** The stream whose present request has this tag, or undefined. */
  match(slot: number, generation: number): PooledStream | undefined {
    return this.#generations[slot] === generation ? this.#out[slot] : undefined
  }

  /** The request on this slot is over. */
  landed(slot: number, forced: boolean): void {
    this.#out[slot] = undefined
    this.#generations[slot] = (this.#generations[slot]! + 1) | 0
    this.#forced[slot] = forced ? 1 : 0
  }

  /** What an answer that matches nothing is. */
  stray(slot: number, generation: number): 'late' | 'duplicate' | 'unknown' {
    const age = (((this.#generations[slot] ?? 0) | 0) - generation) | 0
    if (!(slot >= 0 && slot < this.size) || age <= 0) return 'unknown'
    if (age > 1) return 'late'
    return this.#forced[slot] ? 'late' : 'duplicate'
  }

  /** Every request that is out with one engine. */
  *outWith(engine: number): Generator<PooledStream> {
    for (const stream of this.#out) if (stream?.engine === engine) yield stream
  }
}
