/** Promises whose reactions run when they are told to. As much of the standard as the code under exploration uses. */

type Run = () => void
let queue: Run[] = []

/** Runs reactions until there are none. */
export function settleAll(): void {
  for (let run = queue.shift(); run; run = queue.shift()) run()
}

/** For a new world. */
export function forgetReactions(): void {
  queue = []
}

type Resolve = (value?: unknown) => void
type Reaction = (value: unknown) => unknown

export class StepPromise {
  /** Read by whoever compares states. */
  state: 'pending' | 'fulfilled' | 'rejected' = 'pending'
  #value: unknown
  #reactions: Run[] = []

  constructor(executor: (resolve: Resolve, reject: Resolve) => void) {
    const settle = (value: unknown): void => this.#resolve(value)
    const fail = (reason: unknown): void => this.#settle('rejected', reason)
    try {
      executor(settle, fail)
    } catch (error) {
      fail(error)
    }
  }

  #resolve(value: unknown): void {
    if (value instanceof StepPromise) {
      value.then(
        (inner) => this.#settle('fulfilled', inner),
        (reason) => this.#settle('rejected', reason),
      )
    } else this.#settle('fulfilled', value)
  }

  #settle(state: 'fulfilled' | 'rejected', value: unknown): void {
    if (this.state !== 'pending') return
    this.state = state
    this.#value = value
    queue.push(...this.#reactions.splice(0))
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  then(onFulfilled?: Reaction | null, onRejected?: Reaction | null): StepPromise {
    return new StepPromise((resolve, reject) => {
      const react = (): void => {
        const good = this.state === 'fulfilled'
        const handler = good ? onFulfilled : onRejected
        try {
          if (handler) resolve(handler(this.#value))
          else if (good) resolve(this.#value)
          else reject(this.#value)
        } catch (error) {
          reject(error)
        }
      }
      if (this.state === 'pending') this.#reactions.push(react)
      else queue.push(react)
    })
  }

  catch(onRejected: Reaction): StepPromise {
    return this.then(null, onRejected)
  }

  static resolve(value?: unknown): StepPromise {
    return value instanceof StepPromise ? value : new StepPromise((resolve) => resolve(value))
  }

  static race(all: Iterable<unknown>): StepPromise {
    return new StepPromise((resolve, reject) => {
      for (const one of all) StepPromise.resolve(one).then(resolve, reject)
    })
  }

  static all(all: Iterable<unknown>): StepPromise {
    const list = [...all]
    const values: unknown[] = []
    let left = list.length
    return new StepPromise((resolve, reject) => {
      if (left === 0) resolve(values)
      list.forEach((one, i) => {
        StepPromise.resolve(one).then((value) => {
          values[i] = value
          if (--left === 0) resolve(values)
        }, reject)
      })
    })
  }
}
