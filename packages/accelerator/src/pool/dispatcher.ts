/** Requests on their way: queued fairly, sent at the doorbell to the engine with least to do, settled when their answer is collected. */
import { type Runtime, Status } from '@zcomp/core'
import type { AcceleratorCounts } from '../stats.js'
import type { Engine } from './engine.js'
import { FairQueue } from './fair.js'
import type { Member } from './member.js'
import type { SlotTable } from './slots.js'
import type { PooledStream } from './stream.js'

const turn: Promise<void> = Promise.resolve()

export interface DispatchSite {
  /** One word that engines add to when they wake main. */
  readonly wake: SharedArrayBuffer
  readonly runtime: Runtime
}

export class Dispatcher {
  /** Requests in rings. */
  flying = 0
  readonly #queue = new FairQueue()
  readonly #engines: readonly Engine[]
  readonly #slots: SlotTable
  readonly #counts: AcceleratorCounts
  /** One word that engines add to when they wake main. */
  readonly #wakeWord: Int32Array
  #listening = false
  /** Something has changed since wishes to be woken were last told. */
  #touched = false
  /** Engines know a wish. */
  #wishing = false
  /** Main has looked in this turn of the loop. */
  #looked = false
  /** Whether there will be a look at the end of this turn, after which wishes to be woken may be told. */
  #arming = false
  readonly #nextTurn: Runtime['nextTurn']

  constructor(engines: readonly Engine[], slots: SlotTable, counts: AcceleratorCounts, site: DispatchSite) {
    const { wake, runtime } = site
    this.#nextTurn = runtime.nextTurn
    this.#engines = engines
    this.#slots = slots
    this.#counts = counts
    this.#wakeWord = new Int32Array(wake)
  }

  get waiting(): number {
    return this.#queue.waiting
  }

  get idle(): boolean {
    return this.flying === 0 && this.#queue.waiting === 0
  }

  submit(member: Member, stream: PooledStream): void {
    this.#counts.submitted++
    stream.state = 'waiting'
    this.#queue.push(member, stream)
    // Nobody hears of his answer from within his call.
    if (member.ready === 0) void turn.then(() => member.ready === 0 && this.cancel(member))
  }

  /**
   * Settles and sends. Asking to be woken waits until a whole turn of the loop went by in which nobody looked: main at work looks by itself,
   * and an engine that wakes it then spends ten microseconds on nothing. So a wish that still stands is taken back too.
   */
  look(): void {
    this.#looked = true
    if (this.#wishing) this.#unwish()
    // What waits goes first: dealing with answers takes a while, and an engine may have run dry.
    if (this.#queue.waiting > 0) this.#send()
    for (const engine of this.#engines) if (engine.busy) engine.collect()
    if (this.#queue.waiting > 0) this.#send()
    if (!this.#touched || this.#arming) return
    this.#arming = true
    this.#nextTurn(this.#endOfTurn)
  }

  readonly #endOfTurn = (): void => {
    if (this.#looked) {
      this.#looked = false
      this.#nextTurn(this.#endOfTurn)
      return
    }
    this.#arming = false
    this.#lookAndSleep()
  }

  #unwish(): void {
    this.#wishing = false
    this.#touched = true
    for (const engine of this.#engines) engine.rings.unwish()
  }

  /** Settles, sends, and asks to be woken, until there is nothing left to do now. */
  #lookAndSleep(): void {
    let again = true
    while (again) {
      const seen = this.#listening ? 0 : Atomics.load(this.#wakeWord, 0)
      for (const engine of this.#engines) if (engine.busy) engine.collect()
      this.#send()
      again = this.#touched && !this.#arm(seen)
    }
  }

  #send(): void {
    for (let room = this.#room(); room !== 0 && this.#queue.waiting > 0; room = this.#room()) {
      const stream = this.#queue.next(room)
      if (!stream) break
      this.#fly(stream, stream.member!)
    }
    for (const engine of this.#engines) if (engine.rings.publish()) engine.ring()
  }

  #room(): number {
    let room = 0
    for (const engine of this.#engines) if (engine.room > 0) room |= engine.bit
    return room
  }

  #fly(stream: PooledStream, member: Member): void {
    let best: Engine | undefined
    for (const engine of this.#engines) {
      if ((member.ready & engine.bit) !== 0 && engine.room > (best?.room ?? 0)) best = engine
    }
    if (!best) return
    stream.state = 'flying'
    stream.engine = best.index
    member.flying++
    this.flying++
    this.#touched = true
    this.#slots.flies(stream)
    best.push(stream.slot, this.#slots.generation(stream.slot), member.id, stream.length)
  }

  /** Says when main wants to be woken. False where so much is done already that one has to look again. */
  #arm(seen: number): boolean {
    this.#touched = false
    this.#wishing = true
    let sleeps = true
    let byFutex = false
    for (const engine of this.#engines) {
      if (!engine.busy) continue
      if (engine.wakesBy === 'futex') byFutex = true
      if (!engine.rings.wish()) sleeps = false
    }
    const waits = sleeps && (!byFutex || this.#listening || this.#listen(seen))
    this.#touched = !waits
    return waits
  }

  /** One wait at a time, for all engines. It does not keep the process alive; the deadline of whoever submitted does. */
  #listen(seen: number): boolean {
    const wait = Atomics.waitAsync(this.#wakeWord, 0, seen)
    if (!wait.async) return false
    this.#listening = true
    void wait.value.then(this.#heard)
    return true
  }

  readonly #heard = (): void => {
    this.#listening = false
    this.woken()
  }

  woken(): void {
    this.#counts.wakes++
    if (this.idle) return
    this.#touched = true
    this.look()
  }

  /** Ends the wait that may still be on. */
  stopListening(): void {
    Atomics.add(this.#wakeWord, 0, 1)
    Atomics.notify(this.#wakeWord, 0)
  }

  answered(engine: Engine, slot: number, generation: number, answer: number, serviceMicros: number): void {
    const stream = this.#slots.match(slot, generation)
    if (stream?.engine !== engine.index) {
      this.#counts[this.#slots.stray(slot, generation)]++
      return
    }
    this.#counts.answered++
    if (serviceMicros > 0) stream.member?.served(serviceMicros)
    this.#land(stream, answer, false)
  }

  /** The request is over, whoever ended it. */
  #land(stream: PooledStream, answer: number, forced: boolean, lost = false): void {
    if (stream.state === 'flying') {
      this.#engines[stream.engine]!.rings.inFlight--
      stream.member!.flying--
      this.flying--
      this.#touched = true
    }
    this.#slots.landed(stream.slot, forced)
    stream.engine = -1
    stream.state = lost ? 'lost' : 'lent'
    stream.settle(answer)
  }

  /** What waits for this setup's turn is answered with a fault. */
  cancel(member: Member): void {
    for (let stream = this.#queue.takeFrom(member); stream; stream = this.#queue.takeFrom(member)) {
      this.#counts.cancelled++
      this.#land(stream, Status.fault, true)
    }
  }

  holds(engine: Engine, member: Member): boolean {
    for (const stream of this.#slots.outWith(engine.index)) if (stream.member === member) return true
    return false
  }

  /** Answers for an engine that has ended, with a fault. */
  orphan(engine: Engine): void {
    for (const stream of this.#slots.outWith(engine.index)) {
      this.#counts.orphaned++
      this.#land(stream, Status.fault, true)
    }
  }

  /** Answers for an engine that will not end: nobody waits any more, but the slots stay out of use, for it may still write to them. */
  giveUp(engine: Engine, member: Member): void {
    for (const stream of this.#slots.outWith(engine.index)) {
      if (stream.member !== member) continue
      this.#counts.orphaned++
      this.#land(stream, Status.fault, true, true)
    }
  }
}
