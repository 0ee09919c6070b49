/**
 * An engine's thread, one operation on shared memory at a time. The rings are the real ones; the loop round them is that of
 * `engine/worker.ts`. A method of the rings is run again for each of its operations, with the results of those before it from memory: its
 * plain stores go to entries that nobody reads yet, so storing them again changes nothing.
 */
import type { GuestRings } from '../../src/rings/guest.js'
import { word } from '../../src/rings/layout.js'
import type { StepAtomics } from './atomics.js'

/** What an engine's request may come to. */
export type Fate = 'answer' | 'fault' | 'twice'

/** What a thread needs of its world. */
export interface ThreadSite {
  readonly atomics: StepAtomics
  readonly wake: Int32Array
  /** Writes the result of what lies in the slot. */
  serve(slot: number, generation: number, setup: number): void
  /** Pages for setups, as messages. */
  readMail(): void
  ended(): void
  wokeMain(): void
}

type Place =
  | 'begin'
  | 'look'
  | 'leave'
  | 'take'
  | 'serve'
  | 'publish'
  | 'count'
  | 'notify'
  | 'mail'
  | 'lie'
  | 'wait'
  | 'parked'
  | 'up'
  | 'over'

const texts: Readonly<Record<Place, string>> = {
  begin: 'says that it begins',
  look: 'looks at the bell',
  leave: 'looks whether it is to leave',
  take: 'looks for a request',
  serve: 'compresses, and writes to the slot and to the ring',
  publish: 'publishes what it has answered, and looks whether main wants to be woken',
  count: 'changes the word on which main sleeps',
  notify: 'wakes main',
  mail: 'looks for messages',
  lie: 'says that it sleeps, and looks at the bell again',
  wait: 'sleeps unless main is about to wake it',
  parked: 'sleeps',
  up: 'says that it is up',
  over: 'has ended',
}

const pause = Symbol('pause')

export class EngineThread {
  place: Place = 'begin'
  /** What follows once its answers are published. */
  #after: 'serve' | 'mail' | 'over' = 'mail'
  readonly #site: ThreadSite
  readonly #guest: GuestRings
  /** Of the operation under way. */
  #results: unknown[] = []
  #before: Record<string, unknown> = {}
  bell = 0
  #request = { slot: 0, generation: 0, setup: 0, length: 0 }
  /** Whether an answer is not published. */
  #answered = false
  /** A second answer that is to follow: slot, generation, result. */
  #again: readonly [number, number, number] | undefined

  constructor(guest: GuestRings, site: ThreadSite) {
    this.#guest = guest
    this.#site = site
    this.#remember()
  }

  get canStep(): boolean {
    return this.place !== 'parked' && this.place !== 'over'
  }

  get key(): string {
    const { place } = this
    const { slot, generation, setup } = this.#request
    const guest = Object.values(this.#before).filter((value) => typeof value === 'number')
    const mine = [place, this.#after, this.#answered, this.#again, slot, generation, setup]
    return [...mine, guest, this.#results].join(' ')
  }

  get text(): string {
    const { slot, generation } = this.#request
    const on = this.place === 'serve' ? ` (slot ${slot}, generation ${generation})` : ''
    const nth = this.#results.length > 0 ? `, operation ${this.#results.length + 1} of it` : ''
    return `${texts[this.place]}${on}${nth}`
  }

  /** What the bell was when it last looked, so that states can leave out how often it has rung. */
  get words(): Int32Array {
    return this.#guest.words
  }

  /** Runs up to the end of the next operation. */
  step(fate: Fate): void {
    const { atomics } = this.#site
    const outer = atomics.executor
    const results = this.#results
    let used = 0
    let ran = false
    atomics.executor = {
      operation: (run) => {
        if (used < results.length) return results[used++]
        if (ran) throw pause
        ran = true
        used++
        results.push(run())
        return results.at(-1)
      },
    }
    Object.assign(this.#guest, this.#before)
    try {
      this.place = this.#go(fate)
      this.#results = []
      this.#remember()
    } catch (error) {
      if (error !== pause) throw error
    } finally {
      atomics.executor = outer
    }
  }

  /** Its fields, opened; `words` and the rest are objects that stay. */
  #remember(): void {
    this.#before = { ...(this.#guest as unknown as Record<string, unknown>) }
  }

  #go(fate: Fate): Place {
    const guest = this.#guest
    const { atomics, wake } = this.#site
    switch (this.place) {
      case 'begin':
        guest.begin()
        return 'look'
      case 'look':
        this.bell = guest.bell
        return 'leave'
      case 'leave':
        return guest.leaves ? this.#then('over') : 'take'
      case 'take': {
        const request = guest.take()
        if (!request) return this.#then('mail')
        this.#request = { ...request }
        return this.#then('serve')
      }
      case 'serve': {
        const { slot, generation, setup } = this.#request
        this.#site.serve(slot, generation, setup)
        const result = fate === 'fault' ? -5 : 1
        guest.answer(slot, generation, result, 0)
        this.#answered = true
        if (fate === 'twice') this.#again = [slot, generation, result]
        return 'leave'
      }
      case 'publish': {
        const wakes = guest.publish()
        this.#answered = this.#again !== undefined
        if (this.#again) guest.answer(...this.#again, 0)
        this.#again = undefined
        return wakes ? 'count' : this.#then(this.#after)
      }
      case 'count':
        atomics.add(wake, 0, 1)
        return 'notify'
      case 'notify':
        atomics.notify(wake, 0)
        this.#site.wokeMain()
        return this.#then(this.#after)
      default:
        return this.#rest()
    }
  }

  /** What is answered is published first. */
  #then(place: 'serve' | 'mail' | 'over'): Place {
    this.#after = place
    if (this.#answered) return 'publish'
    if (place === 'over') this.#site.ended()
    return place
  }

  #rest(): Place {
    const guest = this.#guest
    switch (this.place) {
      case 'mail':
        if (guest.mailed) this.#site.readMail()
        return 'lie'
      case 'lie':
        return guest.lieDown(this.bell) ? 'wait' : 'up'
      case 'wait':
        return this.#wait()
      default:
        guest.getUp()
        return 'look'
    }
  }

  /** As the futex does it: looking at the word and going to sleep are one. */
  #wait(): Place {
    const { atomics } = this.#site
    const words = this.#guest.words
    if (words[word.asleep] !== 1) return 'up'
    const wake = (): void => {
      if (this.place === 'parked') this.place = 'up'
    }
    atomics.waiters.push({ words, index: word.asleep, wake })
    return 'parked'
  }
}
