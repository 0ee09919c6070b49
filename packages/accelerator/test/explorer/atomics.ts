/** `Atomics` for explored code: whoever is at work is asked before each operation that others could notice. */
import { word } from '../../src/rings/layout.js'

/** Who executes. `before` may let others go first, or end the execution by throwing. */
export interface Executor {
  /** Gives the operation's result: by running it, or from memory. */
  operation(run: () => unknown, what: string): unknown
}

/** Waits on a word until somebody notifies. */
export interface Waiter {
  readonly words: Int32Array
  readonly index: number
  readonly wake: () => void
}

/** Words of the rings by number; the one word of the pool, on which main sleeps, has the number of the bell. */
const names: ReadonlyMap<number, string> = new Map(Object.entries(word).map(([name, index]) => [index, name]))

export class StepAtomics {
  executor: Executor = { operation: (run) => run() }
  waiters: Waiter[] = []
  /** Takes the end of an asynchronous wait: main hears of it in a turn of its own. */
  onWoken: (resolve: () => void) => void = (resolve) => resolve()
  readonly Promise: new (
    executor: (resolve: () => void) => void,
  ) => unknown

  constructor(promise: StepAtomics['Promise']) {
    this.Promise = promise
  }

  #step<T>(what: string, index: number, run: () => T): T {
    return this.executor.operation(run, `${what} ${names.get(index) ?? index}`) as T
  }

  readonly load = (words: Int32Array, index: number): number => this.#step('load', index, () => words[index]!)

  /** Nobody decides by counters, so they stand still, and states that differ in them only are one. */
  readonly store = (words: Int32Array, index: number, value: number): number => {
    if (index >= word.sleeps && index < word.origin) return value
    return this.#step('store', index, () => {
      words[index] = value
      return value
    })
  }

  readonly add = (words: Int32Array, index: number, value: number): number =>
    this.#step('add to', index, () => {
      const old = words[index]!
      words[index] = (old + value) | 0
      return old
    })

  readonly compareExchange = (words: Int32Array, index: number, expected: number, value: number): number =>
    this.#step('compare and exchange', index, () => {
      const old = words[index]!
      if (old === expected) words[index] = value
      return old
    })

  readonly notify = (words: Int32Array, index: number): number =>
    this.#step('notify', index, () => {
      const woken = this.waiters.filter((waiter) => waiter.words.buffer === words.buffer && waiter.index === index)
      this.waiters = this.waiters.filter((waiter) => !woken.includes(waiter))
      for (const { wake } of woken) wake()
      return woken.length
    })

  readonly waitAsync = (words: Int32Array, index: number, value: number): { async: boolean; value: unknown } =>
    this.#step('wait on', index, () => {
      if (words[index] !== value) return { async: false, value: 'not-equal' }
      const wake = (resolve: () => void) => (): void => this.onWoken(resolve)
      const wait = new this.Promise((resolve) => void this.waiters.push({ words, index, wake: wake(resolve) }))
      return { async: true, value: wait }
    })
}
