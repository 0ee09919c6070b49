/** All engines of a world, through all their lives: what they are told, what they say, which steps they can take. */
import type { WorkerHandle, WorkerSpec } from '@zcomp/core'
import type { EngineData, SetupMessage, ToEngine } from '../../src/engine/messages.js'
import type { GuestRings } from '../../src/rings/guest.js'
import { word } from '../../src/rings/layout.js'
import type { StepAtomics } from './atomics.js'
import { EngineThread, type Fate } from './engine-thread.js'
import type { FaultKind } from './world-options.js'

interface Host {
  thread: EngineThread | undefined
  readonly mail: ToEngine[]
  readonly spec: WorkerSpec
  /** What it has to tell main before anything else: that it is up, then which setups are ready. */
  readonly greeting: ('up' | number)[]
  /** Setups that came later and are ready. */
  readonly news: number[]
  /** It was told to end, or has died: main is still to hear of its end. */
  ending: boolean
}

export interface EnginesSite {
  readonly atomics: StepAtomics
  readonly GuestRings: typeof GuestRings
  readonly done: Promise<void>
  serve(slot: number, generation: number): void
}

export class Engines {
  /** Times that an engine woke main. */
  wakes = 0
  readonly #site: EnginesSite
  readonly #hosts: Host[] = []

  constructor(site: EnginesSite) {
    this.#site = site
  }

  spawn(spec: WorkerSpec): WorkerHandle {
    const host: Host = { thread: undefined, mail: [], spec, greeting: ['up'], news: [], ending: false }
    const { atomics, GuestRings: Rings, serve, done } = this.#site
    const { rings, wake } = spec.data as EngineData
    const end = (): void => {
      host.ending = true
    }
    host.thread = new EngineThread(new Rings(rings), {
      atomics,
      wake: new Int32Array(wake),
      serve,
      readMail() {
        for (const message of host.mail.splice(0)) if (message.type === 'setup') host.news.push(message.id)
      },
      ended: end,
      wokeMain: () => void this.wakes++,
    })
    this.#hosts.push(host)
    return {
      post(message) {
        const early = host.greeting.length > 0 && (message as ToEngine).type === 'setup'
        if (early) host.greeting.push((message as SetupMessage).id)
        else host.mail.push(message as ToEngine)
      },
      ref() {},
      unref() {},
      terminate() {
        end()
        return done
      },
    }
  }

  /** Tells main the next that it is to hear. */
  deliver(nth: number): void {
    const { greeting, news, spec } = this.#hosts[nth]!
    const next = greeting.shift() ?? news.shift()!
    if (next === 'up') spec.onMessage({ type: 'up', bell: 'futex', wake: 'futex' })
    else spec.onMessage({ type: 'ready', id: next })
  }

  /** Main hears that it has ended; it does nothing after that. */
  exit(nth: number): void {
    const host = this.#hosts[nth]!
    host.thread = undefined
    host.spec.onExit(undefined)
  }

  /** Everything is said, and where `asleep` everybody sleeps. */
  begin(asleep: boolean): void {
    this.#hosts.forEach(({ greeting }, nth) => {
      while (greeting.length > 0) this.deliver(nth)
    })
    if (asleep) for (const { thread } of this.#hosts) while (thread?.canStep) thread.step('answer')
  }

  step(nth: number, fate: Fate | 'die'): void {
    const host = this.#hosts[nth]!
    if (fate === 'die') {
      host.ending = true
      host.thread!.place = 'over'
    } else host.thread!.step(fate)
  }

  /** What engines can do now. One serves when it has said that it is up, and has its setups. */
  steps(faults: readonly FaultKind[]): string[] {
    const steps: string[] = []
    this.#hosts.forEach(({ thread, greeting }, nth) => {
      if (!thread || thread.place === 'over' || greeting.length > 0) return
      if (thread.canStep) steps.push(`engine ${nth} answer`)
      for (const kind of faults) {
        if (kind === 'die' || (thread.place === 'serve' && (kind === 'fault' || kind === 'twice'))) {
          steps.push(`engine ${nth} ${kind}`)
        }
      }
    })
    return steps
  }

  /** What main can hear of them now. */
  news(): string[] {
    return this.#hosts.flatMap(({ thread, greeting, news, ending }, nth) => {
      if (!thread) return []
      return ending ? [`exit ${nth}`] : greeting.length + news.length > 0 ? [`news ${nth}`] : []
    })
  }

  tell(nth: number, fate: string): string {
    const does = fate === 'die' ? 'dies' : this.#hosts[nth]!.thread!.text
    return `engine ${nth}: ${does}${fate === 'fault' || fate === 'twice' ? `, and will answer ${fate}` : ''}`
  }

  get key(): unknown {
    return this.#hosts.map(({ thread, greeting, news, ending, mail }) => [
      thread?.key,
      greeting,
      news,
      ending,
      mail.map(({ type }) => type),
    ])
  }

  /** Runs `look` with bells that say only whether they have rung since their engine looked, not how often they ever have. */
  withBells<T>(look: () => T): T {
    const threads = this.#hosts.flatMap(({ thread }) => thread ?? [])
    const bells = threads.map(({ words }) => words[word.bell]!)
    for (const { words, bell } of threads) words[word.bell]! -= bell
    const seen = look()
    threads.forEach(({ words }, nth) => {
      words[word.bell] = bells[nth]!
    })
    return seen
  }
}
