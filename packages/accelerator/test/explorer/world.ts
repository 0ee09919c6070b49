/**
 * A pool with its engines and those who write through it, brought to one state by the steps that lead there. Main's code is the real one
 * (pool, dispatcher, queue, slots, engine, rings); each operation of it on shared memory is a step, between which engines take theirs.
 */
import { createHash } from 'node:crypto'
import { Status } from '@zcomp/core'
import type { EngineData, SetupMessage, ToEngine } from '../../src/engine/messages.js'
import type { Member } from '../../src/pool/member.js'
import type { Pool } from '../../src/pool/pool.js'
import type { GuestRings } from '../../src/rings/guest.js'
import { word } from '../../src/rings/layout.js'
import { type AcceleratorCounts, noCounts } from '../../src/stats.js'
import { StepAtomics } from './atomics.js'
import { EngineThread, type Fate } from './engine-thread.js'
import { fingerprint } from './fingerprint.js'
import { type Mutation, openCode } from './open-code.js'
import { forgetReactions, StepPromise, settleAll } from './promise.js'

export interface WorldOptions {
  /** Each with so many pages to write, the n-th through setup n modulo `setups`. */
  readonly writers: number
  readonly rounds: number
  readonly setups: number
  readonly engines: number
  readonly slots: number
  /** Requests that an engine holds at a time. Others wait in line. */
  readonly depth: number
  /** Faults that may strike, in all. */
  readonly faults: number
  /** Which ones. */
  readonly kinds: readonly FaultKind[]
  /** Whether the first setup ends, at any moment. */
  readonly leaves: boolean
  /** Engines are asleep at the start, instead of just beginning: leaves out what comes again after each request anyway. */
  readonly asleep: boolean
  readonly mutation?: Mutation
}

/** `late`: a writer gives its request up. `hang`: so much time passes that whoever stands still is taken for hung. */
export type FaultKind = 'fault' | 'twice' | 'die' | 'late' | 'hang'

interface Writer {
  round: number
  /** Number of the request that is out, or 0. */
  out: number
}

interface Host {
  thread: EngineThread | undefined
  readonly mail: ToEngine[]
  readonly tell: (message: unknown) => void
  readonly exit: (error: unknown) => void
  /** Messages for main, and the news of its end. */
  readonly news: ('up' | number)[]
  ending: boolean
}

interface Timer {
  readonly at: number
  readonly run: () => void
}

interface OpenClasses {
  readonly Pool: typeof Pool
  readonly GuestRings: typeof GuestRings
}

const atomics = new StepAtomics(StepPromise)

/** The code, loaded once for any number of worlds. */
export function loadCode(mutation?: Mutation): OpenClasses {
  const code = openCode({ Atomics: atomics, Promise: StepPromise, SharedArrayBuffer: ArrayBuffer }, mutation)
  return { ...code.load('pool/pool.ts'), ...code.load('rings/guest.ts') } as unknown as OpenClasses
}

export interface Outcome {
  readonly key: string
  readonly actions: readonly string[]
  readonly kinds: readonly string[]
  readonly final: boolean
  readonly wakes: number
}

const over = Symbol('over')
const skipped = new Set(
  'counts private_counts why message options private_host private_runtime private_commits private_fruitless private_changed'.split(
    ' ',
  ),
)
const pageSize = 1
const longMs = 1_000_000

export class World {
  outcome: Outcome | undefined
  readonly #options: WorldOptions
  readonly #code: OpenClasses
  readonly #path: readonly string[]
  #at = 0
  readonly #counts: AcceleratorCounts = noCounts()
  readonly #pool: Pool
  readonly #members: Member[]
  readonly #writers: Writer[]
  readonly #hosts: Host[] = []
  /** Which request holds each slot. */
  readonly #owners: number[]
  readonly #kinds = new Set<string>()
  readonly #timers: Timer[] = []
  readonly #heard: (() => void)[] = []
  readonly #unrung: boolean[]
  #requests = 0
  #faults: number
  #now = 0
  #left: 'no' | 'leaving' | 'yes' = 'no'
  /** Main's call under way, and what its operations gave so far: with the pool as it is, they say where it stands. */
  #call = ''
  /** The operation that it is about to do. */
  #next = ''
  #results: unknown[] = []
  #free = true
  #wakes = 0

  constructor(options: WorldOptions, code: OpenClasses, path: readonly string[]) {
    this.#options = options
    this.#code = code
    this.#path = path
    this.#faults = options.faults
    atomics.waiters = []
    atomics.executor = { operation: (run) => run() }
    atomics.onWoken = (resolve) => void this.#heard.push(resolve)
    forgetReactions()
    this.#pool = new code.Pool(this.#poolOptions(), this.#counts, () => {})
    this.#owners = new Array<number>(options.slots).fill(0)
    this.#unrung = new Array<boolean>(options.setups).fill(false)
    this.#writers = Array.from({ length: options.writers }, () => ({ round: 0, out: 0 }))
    this.#members = Array.from({ length: options.setups }, (_, nth) => this.#join(nth))
    this.#pool.inspect()
    for (const host of this.#hosts) while (host.news.length > 0) this.#deliver(host)
    settleAll()
    if (options.asleep) for (const { thread } of this.#hosts) while (thread?.canStep) thread.step('answer')
  }

  run(): Outcome {
    atomics.executor = { operation: (run, what) => this.#operation(run, what) }
    while (this.#at < this.#path.length) this.#act(this.#path[this.#at++]!)
    this.#end(this.#idleActions())
    return this.outcome!
  }

  /** A step from here, in words. */
  tell(action: string): string {
    const [what = '', nth = '0', fate = ''] = action.split(' ')
    if (what === 'main') return `main, in "${this.#call}": ${this.#next}`
    if (what !== 'engine') return `main: ${action}`
    const does = fate === 'die' ? 'dies' : this.#hosts[Number(nth)]!.thread!.text
    return `engine ${nth}: ${does}${fate === 'fault' || fate === 'twice' ? `, and will answer ${fate}` : ''}`
  }

  #poolOptions(): Pool['options'] {
    const { slots, engines, depth } = this.#options
    const after = (ms: number, run: () => void): (() => void) => {
      const timer = { at: this.#now + ms, run }
      this.#timers.push(timer)
      return () => void this.#timers.splice(this.#timers.indexOf(timer), Number(this.#timers.includes(timer)))
    }
    const spawn = (spec: { data: unknown; onMessage(message: unknown): void; onExit(error: unknown): void }) =>
      this.#spawn(spec)
    const runtime = {
      now: () => this.#now,
      after,
      nextTurn: (run: () => void) => void after(0, run),
      random: () => 0,
      spawn,
    }
    const times = { spinMicros: 0, startMs: 10, hangMs: 10, graceMs: 1, restarts: 1 }
    return { streams: slots, engines, pageSize, reserve: 0, depth, ...times, runtime } as unknown as Pool['options']
  }

  #join(nth: number): Member {
    const module = { url: '', factory: '', options: {} }
    return this.#pool.join({ name: `setup ${nth}`, module, format: '', params: { pageSize } } as never)
  }

  #spawn(spec: { data: unknown; onMessage(message: unknown): void; onExit(error: unknown): void }): unknown {
    const { rings, wake } = spec.data as EngineData
    const host: Host = {
      thread: undefined,
      mail: [],
      tell: spec.onMessage,
      exit: spec.onExit,
      news: ['up'],
      ending: false,
    }
    const end = (): void => {
      host.ending = true
    }
    host.thread = new EngineThread(new this.#code.GuestRings(rings), {
      atomics,
      wake: new Int32Array(wake),
      serve: (slot, generation) => this.#serve(slot, generation),
      readMail: () => host.mail.splice(0).some(({ type }) => type === 'stop'),
      ended: end,
      wokeMain: () => void this.#wakes++,
    })
    this.#hosts.push(host)
    const terminate = (): StepPromise => {
      end()
      return StepPromise.resolve()
    }
    const post = (message: ToEngine): void => {
      if (message.type === 'setup') host.news.push((message as SetupMessage).id)
      host.mail.push(message)
    }
    return { post, ref() {}, unref() {}, terminate }
  }

  /** An engine writes into a slot: its request's, or one that is out of use for good. */
  #serve(slot: number, generation: number): void {
    const stream = this.#members[0]!.memory.streams[slot]!
    const open = this.#pool as unknown as { private_slots: { generation(slot: number): number } }
    const own = stream.state === 'lost' || open.private_slots.generation(slot) === generation
    if (!own) this.#kinds.add('an engine writes into a slot that is not its own')
    stream.buffer[0] = stream.src[0]!
  }

  /** One of main's operations: others may take their steps first. */
  #operation(run: () => unknown, what: string): unknown {
    while (!this.#free) {
      if (this.#at === this.#path.length) {
        this.#next = what
        this.#end(['main', ...this.#engineActions()])
        throw over
      }
      const action = this.#path[this.#at++]!
      if (action === 'main') break
      this.#act(action)
    }
    this.#free = false
    const result = run()
    this.#results.push(typeof result === 'object' ? 'waits' : result)
    return result
  }

  #act(action: string): void {
    const [what = '', nth = '0', fate = 'answer'] = action.split(' ')
    const index = Number(nth)
    if (what === 'engine') this.#stepEngine(index, fate)
    else this.#main(action, () => this.#event(what, index))
  }

  #stepEngine(index: number, fate: string): void {
    const host = this.#hosts[index]!
    if (fate !== 'answer') this.#faults--
    if (fate === 'die') {
      host.ending = true
      host.thread!.place = 'over'
    } else host.thread!.step(fate as Fate)
  }

  /** A call of main's, with all that follows from it in its turn. */
  #main(call: string, run: () => void): void {
    this.#call = call
    this.#results = []
    // Its first operation comes with the decision to make the call.
    this.#free = true
    try {
      run()
      settleAll()
    } catch (error) {
      if (error !== over) throw error
    }
    if (this.outcome) return
    this.#call = ''
    this.#results = []
  }

  #event(what: string, index: number): void {
    switch (what) {
      case 'ask':
        this.#ask(index)
        break
      case 'commit':
        this.#unrung[index] = false
        this.#members[index]!.commit()
        break
      case 'hear':
        for (const resolve of this.#heard.splice(0)) resolve()
        break
      case 'news':
        this.#deliver(this.#hosts[index]!)
        break
      case 'exit': {
        const host = this.#hosts[index]!
        host.thread = undefined
        host.exit(undefined)
        break
      }
      case 'timer':
        this.#fire()
        break
      case 'late':
        this.#faults--
        this.#writers[index]!.out = 0
        this.#writers[index]!.round++
        break
      case 'hang':
        this.#faults--
        this.#now += longMs
        this.#pool.inspect()
        break
      case 'leave':
        this.#leave()
    }
  }

  #fire(): void {
    const next = this.#timers.reduce((a, b) => (b.at < a.at ? b : a))
    this.#timers.splice(this.#timers.indexOf(next), 1)
    this.#now = Math.max(this.#now, next.at)
    next.run()
  }

  #deliver(host: Host): void {
    const news = host.news.shift()!
    if (news === 'up') host.tell({ type: 'up', bell: 'futex', wake: 'futex' })
    else host.tell({ type: 'ready', id: news })
  }

  #leave(): void {
    this.#left = 'leaving'
    const done = this.#pool.leave(this.#members[0]!) as unknown as StepPromise
    done.then(() => {
      this.#left = 'yes'
    })
  }

  #ask(index: number): void {
    const writer = this.#writers[index]!
    const nth = index % this.#options.setups
    const member = this.#members[nth]!
    const stream = member.getStream()
    if (typeof stream === 'string') {
      writer.round++
      return
    }
    const { slot } = stream as unknown as { slot: number }
    if (this.#owners[slot]) this.#kinds.add('a slot with two owners')
    const request = ++this.#requests
    this.#owners[slot] = request
    writer.out = request
    stream.src[0] = request
    this.#unrung[nth] = true
    stream
      .compress(pageSize)
      .then((answer) => {
        if (answer > 0 && stream.buffer[0] !== request) this.#kinds.add("another request's result")
        if (answer <= 0 && answer !== Status.fault) this.#kinds.add('an answer that nobody gave')
        if (this.#owners[slot] !== request) this.#kinds.add('a request that is answered twice')
        this.#owners[slot] = 0
        // Whoever left has nothing to put: the pool takes it back.
        if (!(nth === 0 && this.#left === 'yes')) member.putStream(stream)
        if (writer.out !== request) return
        writer.out = 0
        writer.round++
      })
      .catch((error) => {
        if (error !== over) this.#kinds.add(`an error: ${String(error)}`)
      })
  }

  #idleActions(): string[] {
    const actions = this.#engineActions()
    const { rounds, kinds, leaves, setups } = this.#options
    this.#writers.forEach((writer, i) => {
      const gone = i % setups === 0 && this.#left === 'yes'
      if (writer.out === 0 && writer.round < rounds && !gone) actions.push(`ask ${i}`)
      if (writer.out > 0 && this.#faults > 0 && kinds.includes('late')) actions.push(`late ${i}`)
    })
    this.#unrung.forEach((unrung, i) => {
      if (unrung && !(i === 0 && this.#left === 'yes')) actions.push(`commit ${i}`)
    })
    if (this.#heard.length > 0) actions.push('hear')
    this.#hosts.forEach((host, i) => {
      if (host.thread && host.news.length > 0 && !host.ending) actions.push(`news ${i}`)
      if (host.thread && host.ending) actions.push(`exit ${i}`)
    })
    if (this.#timers.length > 0) actions.push('timer')
    if (this.#faults > 0 && kinds.includes('hang')) actions.push('hang')
    if (leaves && this.#left === 'no') actions.push('leave')
    return actions
  }

  #engineActions(): string[] {
    const actions: string[] = []
    this.#hosts.forEach(({ thread, news }, i) => {
      // It serves when it has said that it is up, and has its setups.
      if (!thread || thread.place === 'over' || news.length > 0) return
      if (thread.canStep) actions.push(`engine ${i} answer`)
      if (this.#faults === 0) return
      for (const kind of this.#options.kinds) {
        if (kind === 'die' || (thread.place === 'serve' && (kind === 'fault' || kind === 'twice'))) {
          actions.push(`engine ${i} ${kind}`)
        }
      }
    })
    return actions
  }

  /** Takes down what the state is, before anything else can happen. */
  #end(actions: readonly string[]): void {
    if (this.outcome) return
    // Looking is no step.
    atomics.executor = { operation: (run) => run() }
    const written = this.#writers.every(({ out, round }) => out === 0 && round >= this.#options.rounds)
    const left = this.#left !== 'leaving' && (this.#left === 'yes' || !this.#options.leaves)
    const owned = this.#owners.some((owner) => owner > 0)
    const final = this.#call === '' && left && (written || this.#left === 'yes') && !owned && this.#othersWritten()
    if (final) this.#checkEnd()
    this.outcome = {
      key: createHash('sha1').update(this.#key()).digest('base64'),
      actions,
      kinds: [...this.#kinds],
      final,
      wakes: this.#wakes,
    }
    atomics.executor = {
      operation() {
        throw over
      },
    }
  }

  #othersWritten(): boolean {
    const { setups, rounds } = this.#options
    return this.#writers.every(
      ({ out, round }, i) => (i % setups === 0 && this.#left === 'yes') || (out === 0 && round >= rounds),
    )
  }

  #checkEnd(): void {
    const { free, lost, waiting, inFlight, held } = this.#pool.stats()
    if (free + lost !== this.#options.slots || held > 0) this.#kinds.add('slots are missing at the end')
    if (waiting + inFlight > 0) this.#kinds.add('requests are left over at the end')
  }

  #key(): string {
    const restore: (() => void)[] = []
    for (const { thread } of this.#hosts) {
      if (!thread) continue
      const { words } = thread
      const bell = words[word.bell]!
      words[word.bell] = bell - thread.bell
      restore.push(() => {
        words[word.bell] = bell
      })
    }
    const pool = fingerprint(this.#pool, { skip: skipped })
    for (const put of restore) put()
    const hosts = this.#hosts.map(({ thread, news, ending, mail }) => [
      thread?.key,
      news,
      ending,
      mail.map(({ type }) => type),
    ])
    return JSON.stringify([
      pool,
      hosts,
      this.#writers,
      this.#owners,
      this.#unrung,
      this.#faults,
      this.#now,
      this.#left,
      this.#call,
      this.#results,
      this.#heard.length,
      atomics.waiters.map(({ index }) => index),
      this.#timers.map(({ at }) => at - this.#now),
      [...this.#kinds],
    ])
  }
}
