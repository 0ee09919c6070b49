/** Pages that wait for a stream, and how they are woken: by streams that come free, and by time where none does. */
import type { Runtime } from '../runtime/runtime.js'

/** Milliseconds after which whoever waits asks again by himself: what makes room may be another desk's stream. */
const retryMs = 1
const turn: Promise<void> = Promise.resolve()

export class Waiting {
  readonly #runtime: Runtime
  readonly #wake: () => void
  #cancel: (() => void) | undefined
  #woken = false

  /** `wake` is called after each wait, once for all who wait, never from within a call of theirs. */
  constructor(runtime: Runtime, wake: () => void) {
    this.#runtime = runtime
    this.#wake = wake
  }

  /** Somebody was told to wait. While he does the process stays alive. */
  begin(): void {
    this.#cancel ??= this.#runtime.after(retryMs, this.#go)
  }

  /** There may be room. */
  room(): void {
    if (this.#cancel === undefined || this.#woken) return
    this.#woken = true
    void turn.then(this.#go)
  }

  readonly #go = (): void => {
    this.#woken = false
    if (this.#cancel === undefined) return
    this.#cancel()
    this.#cancel = undefined
    this.#wake()
  }
}
