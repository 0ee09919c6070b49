/** The accelerator of the kernel patches as a model: writers, worker and set-up, every interleaving of their steps. */
import type { Model } from '../explorer/model.js'
import { create, driverChoices, driverSteps, openDevice, stepDriver, tellDriver } from './driver.js'
import { makePoc, type Poc, type PocOptions, wrongs } from './parts.js'
import { stepWorker, tellWorker, workerChoices, workerStepIsPrivate, workerSteps } from './worker.js'
import { stepWriter, tellWriter, writerChoices, writerStepIsPrivate, writerSteps } from './writer.js'

const defaults: PocOptions = {
  devices: 1,
  writers: 2,
  rounds: 1,
  streams: 2,
  contexts: 2,
  depth: 2,
  workers: 1,
  lives: 0,
  errors: false,
  timeouts: false,
  clears: false,
}

/** Threads in order: writers, workers, devices. Action: thread times 4, and which way its step goes. */
const ways = 4
const none: readonly string[] = []

export function pocModel(options: Partial<PocOptions> = {}): Model<Uint8Array, number> {
  return new PocModel(makePoc({ ...defaults, ...options }))
}

/** Streams are all alike: with each called after the first writer that holds it, states that differ in names only are one. */
function renamed(poc: Poc, from: Uint8Array): Uint8Array {
  const { at, options } = poc
  const s = from.slice()
  const names = new Uint8Array(options.streams).fill(nameless)
  let next = 0
  for (let writer = 0; writer < options.writers; writer++) {
    const step = s[at.writerStep + writer]!
    if (step < writerSteps.takeContext || step > writerSteps.listStream) continue
    const stream = s[at.stream + writer]!
    names[stream] = next
    s[at.stream + writer] = next++
  }
  for (let stream = 0; stream < options.streams; stream++) {
    if (names[stream] === nameless) names[stream] = next++
    for (const field of [at.done, at.result, at.bufferOf]) s[field + names[stream]!] = from[field + stream]!
  }
  s.fill(0, at.free, at.free + options.streams)
  for (const [first, count] of [
    [at.items, 2 * options.depth],
    [at.workerItem, options.workers],
  ] as const) {
    for (let item = first; item < first + 2 * count; item += 2) if (s[item + 1]! > 0) s[item] = names[s[item]!]!
  }
  return s
}

const nameless = 255

class PocModel implements Model<Uint8Array, number> {
  readonly name: string
  readonly key: (state: Uint8Array) => string
  readonly #poc: Poc
  readonly #threads: number

  constructor(poc: Poc) {
    const { devices, writers, rounds, workers, streams } = poc.options
    this.#poc = poc
    this.#threads = writers + workers + devices
    // With late answers or two workers, free streams are not all alike.
    this.key = poc.options.timeouts || workers > 1 ? poc.layout.key : (s) => poc.layout.key(renamed(poc, s))
    this.name = `kernel patches, ${writers} writers x ${rounds} pages, ${workers} workers, ${streams} streams, ${devices} devices`
  }

  initial(): Uint8Array {
    const poc = this.#poc
    const s = poc.layout.make()
    const { lives, devices, writers } = poc.options
    if (lives > 0) {
      s.fill(writerSteps.over, poc.at.writerStep, poc.at.writerStep + writers)
      return s
    }
    create(poc, s)
    s[poc.at.refs] = devices
    for (let device = 0; device < devices; device++) openDevice(poc, s, device)
    return s
  }

  /** Ways of a thread's next step: 1 and 2 are the first so many, 3 the second alone. */
  #choices(s: Uint8Array, thread: number): number {
    const { writers, workers } = this.#poc.options
    if (thread < writers) return writerChoices(this.#poc, s, thread)
    if (thread < writers + workers) return workerChoices(this.#poc, s, thread - writers)
    return driverChoices(this.#poc, s, thread - writers - workers)
  }

  actions(s: Uint8Array): number[] {
    const early = this.#private(s)
    if (early >= 0) return [early * ways]
    const actions: number[] = []
    for (let thread = 0; thread < this.#threads; thread++) {
      const choices = this.#choices(s, thread)
      if (choices === 1 || choices === 2) actions.push(thread * ways)
      if (choices === 2 || choices === 3) actions.push(thread * ways + 1)
    }
    return actions
  }

  /** A thread whose step cannot matter to the others, or -1: it goes first, which leaves out orders that differ in nothing. */
  #private(s: Uint8Array): number {
    const { writers, workers } = this.#poc.options
    for (let i = 0; i < writers; i++) if (writerStepIsPrivate(this.#poc, s, i)) return i
    for (let i = 0; i < workers; i++) if (workerStepIsPrivate(this.#poc, s, i)) return writers + i
    return -1
  }

  apply(before: Uint8Array, action: number): Uint8Array {
    const s = before.slice()
    const { writers, workers } = this.#poc.options
    const choice = action % ways
    const thread = (action - choice) / ways
    if (thread < writers) stepWriter(this.#poc, s, thread, choice)
    else if (thread < writers + workers) stepWorker(this.#poc, s, thread - writers, choice)
    else stepDriver(this.#poc, s, thread - writers - workers, choice)
    return s
  }

  describe(s: Uint8Array, action: number): string {
    const { writers, workers } = this.#poc.options
    const choice = action % ways
    const thread = (action - choice) / ways
    if (thread < writers) return tellWriter(this.#poc, s, thread, choice)
    if (thread < writers + workers) return tellWorker(this.#poc, s, thread - writers, choice)
    return tellDriver(this.#poc, s, thread - writers - workers, choice)
  }

  check(s: Uint8Array): readonly string[] {
    const { at } = this.#poc
    const bits = s[at.wrong]!
    const owes = s[at.tokens]! > this.#unread(s)
    if (bits === 0 && !owes) return this.#leaks(s) ? ['streams leaked'] : none
    const kinds: string[] = wrongs.filter((_, bit) => bits & (1 << bit))
    if (owes) kinds.push('more wake-ups than requests')
    if (this.#leaks(s)) kinds.push('streams leaked')
    return kinds
  }

  /** Requests in the queues. */
  #unread(s: Uint8Array): number {
    const { queued } = this.#poc.at
    return s[queued]! + s[queued + 1]!
  }

  /** All is over, and not all streams are on the list. */
  #leaks(s: Uint8Array): boolean {
    const { at, options } = this.#poc
    return s[at.present] === 1 && s[at.freeCount]! < options.streams && this.#writersOver(s)
  }

  #writersOver(s: Uint8Array): boolean {
    const { at, options } = this.#poc
    for (let i = 0; i < options.writers; i++) if (s[at.writerStep + i] !== writerSteps.over) return false
    return true
  }

  /** Workers need not be: one that burns wake-ups that it is owed comes to rest by itself. */
  isFinal(s: Uint8Array): boolean {
    const { at, options } = this.#poc
    if (!this.#writersOver(s)) return false
    for (let i = 0; i < options.workers; i++) {
      if (s[at.workerStep + i] !== workerSteps.sleep || s[at.tokens]! > 0) return false
    }
    if (options.lives === 0) return true
    for (let i = 0; i < options.devices; i++) if (s[at.driverStep + i] !== driverSteps.over) return false
    return true
  }

  stuck(s: Uint8Array): string {
    const { at, options } = this.#poc
    for (let i = 0; i < options.writers; i++) if (s[at.writerStep + i] === writerSteps.wait) return 'lost request'
    for (let i = 0; i < options.devices; i++) {
      if (s[at.driverStep + i] === driverSteps.lock && s[at.globalLock]) return 'mutex left locked'
    }
    return 'stuck'
  }

  measure(s: Uint8Array): Record<string, number> {
    return { 'wake-ups owed': Math.max(0, s[this.#poc.at.tokens]! - this.#unread(s)) }
  }
}
