/** What works on requests during one life of a scripted device. */
import type { ScriptedRequest } from './scripted-slot.js'

export interface EnginesOptions {
  /** Requests that are worked on at a time. */
  readonly engines: number
  /** Milliseconds that a request takes where its plan does not say. */
  readonly serviceMs: number
  readonly after: (ms: number, run: () => void) => void
  readonly answered: () => void
}

export class ScriptedEngines {
  readonly #options: EnginesOptions
  readonly #pending = new Set<ScriptedRequest>()
  #queue: ScriptedRequest[] = []
  #running = 0
  #paused = false
  #due: (() => void)[] = []

  constructor(options: EnginesOptions) {
    this.#options = options
  }

  /** Requests without an answer. */
  get pending(): ReadonlySet<ScriptedRequest> {
    return this.#pending
  }

  submit(request: ScriptedRequest): void {
    this.#pending.add(request)
    this.#queue.push(request)
  }

  /** True where this woke somebody: there was something to begin with, and nothing that was being worked on. */
  commit(): boolean {
    if (this.#queue.length === 0) return false
    const wakes = this.#running === 0
    this.#begin()
    return wakes
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    for (const run of this.#due.splice(0)) run()
    this.#begin()
  }

  /** Answers those of the pending requests that `which` names: with `answer`, else as they would have been answered. */
  finishAll(which: (request: ScriptedRequest) => boolean, answer?: number): void {
    for (const request of [...this.#pending]) if (which(request)) this.#finish(request, answer)
  }

  #begin(): void {
    while (!this.#paused && this.#running < this.#options.engines && this.#queue.length > 0) {
      const request = this.#queue.shift() as ScriptedRequest
      if (request.state !== 'queued') continue
      if (request.plan.how === 'never') request.state = 'stuck'
      else this.#run(request)
    }
  }

  #run(request: ScriptedRequest): void {
    request.state = 'running'
    this.#running++
    const done = (): void => {
      if (this.#paused) {
        this.#due.push(done)
        return
      }
      this.#running--
      if (request.state === 'running') this.#finish(request)
      this.#begin()
    }
    this.#options.after(request.plan.after ?? this.#options.serviceMs, done)
  }

  #finish(request: ScriptedRequest, answer?: number): void {
    if (!this.#pending.delete(request)) return
    this.#options.answered()
    request.end(answer)
  }
}
