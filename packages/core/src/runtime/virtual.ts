/** Virtual time: timers and turns run in order at once, nothing waits, and a seed decides everything that chance decides. */
import { seededRandom } from './random.js'
import { type Runtime, realRuntime } from './runtime.js'

interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

export interface VirtualRuntime extends Runtime {
  /** Timers and turns that are still to run. */
  readonly pending: number
  /** Runs the next event, after promises have settled. False where there is none. */
  step(): Promise<boolean>
  /** Runs everything due up to `ms` from now, then stands there. */
  advance(ms: number): Promise<void>
  /** Lets time pass while nothing runs, as in a turn that computes: what falls due meanwhile runs late. */
  pass(ms: number): void
  /** Runs events until `done` settles. Rejects where none is left and it has not, or after `maxEvents`: a hang, seen at once. */
  settle<T>(done: Promise<T>, maxEvents?: number): Promise<T>
}

/** Enough turns of the microtask queue for any chain of promises that a page goes through. */
const microtaskTurns = 24

export function virtualRuntime(seed: number = 1): VirtualRuntime {
  const events: Event[] = []
  let now = 0
  let order = 0
  const at = (time: number, run: () => void): Event => {
    const event = { at: time, order: order++, run }
    events.push(event)
    return event
  }
  const remove = (event: Event): void => {
    const i = events.indexOf(event)
    if (i >= 0) events.splice(i, 1)
  }
  const next = (): Event | undefined =>
    events.reduce<Event | undefined>(
      (a, b) => (a && (a.at < b.at || (a.at === b.at && a.order < b.order)) ? a : b),
      undefined,
    )
  const step = async (): Promise<boolean> => {
    await microtasks()
    const event = next()
    if (!event) return false
    remove(event)
    now = Math.max(now, event.at)
    event.run()
    await microtasks()
    return true
  }
  return {
    ...realRuntime,
    now: () => now,
    after(ms, run) {
      const event = at(now + Math.max(0, ms), run)
      return () => remove(event)
    },
    nextTurn: (run) => void at(now, run),
    random: seededRandom(seed),
    get pending() {
      return events.length
    },
    step,
    async advance(ms) {
      const end = now + ms
      await microtasks()
      for (let event = next(); event && event.at <= end; event = next()) await step()
      now = end
    },
    pass(ms) {
      now += ms
    },
    async settle(done, maxEvents = 1e6) {
      let settled = false
      const mark = (): void => {
        settled = true
      }
      done.then(mark, mark)
      await microtasks()
      for (let i = 0; !settled; i++) {
        if (i >= maxEvents) throw new Error(`virtual time: not settled after ${maxEvents} events`)
        if (!(await step())) {
          if (settled) break
          throw new Error('virtual time: nothing is left to happen, and the promise has not settled')
        }
      }
      return done
    },
  }
}

async function microtasks(): Promise<void> {
  for (let i = 0; i < microtaskTurns; i++) await null
}
