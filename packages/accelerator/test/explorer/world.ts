/**
 * A pool with its engines and those who write through it, brought to one state by the steps that lead there. Main's code is the real one
 * (pool, dispatcher, queue, slots, engine, rings); each operation of it on shared memory is a step, between which engines take theirs.
 */
import { createHash } from 'node:crypto'
import { type Runtime, Status } from '@zcomp/core'
import type { Member } from '../../src/pool/member.js'
import type { Pool } from '../../src/pool/pool.js'
import type { GuestRings } from '../../src/rings/guest.js'
import { type AcceleratorCounts, noCounts } from '../../src/stats.js'
import { StepAtomics } from './atomics.js'
import type { Fate } from './engine-thread.js'
import { Engines } from './engines.js'
import { fingerprint } from './fingerprint.js'
import { type Mutation, openCode } from './open-code.js'
import { forgetReactions, StepPromise, settleAll } from './promise.js'
import type { Outcome, WorldOptions } from './world-options.js'

interface Writer {
  round: number
  /** Number of the request that is out, or 0. */
  out: number
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

const over = Symbol('over')
const skipped = new Set(
  'counts private_counts why message options private_host private_runtime private_commits private_fruitless private_changed'.split(
    ' ',
  ),
)
const pageSize = 1
const longMs = 1_000_000

interface Action {
  readonly what: string
  readonly index: number
  readonly fate: string
}

const parsed = new Map<string, Action>()

/** There are few different ones, and they are taken millions of times. */
function parse(action: string): Action {
  const known = parsed.get(action)
  if (known) return known
  const [what = '', nth = '0', fate = 'answer'] = action.split(' ')
  const made = { what, index: Number(nth), fate }
  parsed.set(action, made)
  return made
}

export class World {
  outcome: Outcome | undefined
  readonly #options: WorldOptions
  readonly #path: readonly string[]
  #at = 0
  readonly #counts: AcceleratorCounts = noCounts()
  readonly #pool: Pool
  /** Of each setup, once it has come. */
  readonly #members: (Member | undefined)[]
  readonly #writers: Writer[]
  readonly #engines: Engines
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
  /** The pool ends with its last setup: its engines are told to end, and have. */
  #stopping = false
  /** Main's call under way, and what its operations gave so far: with the pool as it is, they say where it stands. */
  #call = ''
  /** The operation that it is about to do. */
  #next = ''
  #results: unknown[] = []
  #free = true

  constructor(options: WorldOptions, code: OpenClasses, path: readonly string[]) {
    this.#options = options
    this.#path = path
    this.#faults = options.faults
    atomics.waiters = []
    atomics.executor = { operation: (run) => run() }
    atomics.onWoken = (resolve) => void this.#heard.push(resolve)
    forgetReactions()
    this.#engines = new Engines({
      atomics,
      GuestRings: code.GuestRings,
      done: StepPromise.resolve() as unknown as Promise<void>,
      serve: (slot, generation) => this.#serve(slot, generation),
    })
    this.#pool = new code.Pool(this.#poolOptions(), this.#counts, () => {})
    this.#owners = new Array<number>(options.slots).fill(0)
    this.#unrung = new Array<boolean>(options.setups).fill(false)
    this.#writers = Array.from({ length: options.writers }, () => ({ round: 0, out: 0 }))
    const atFirst = options.setups - (options.comes ? 1 : 0)
    this.#members = Array.from({ length: options.setups }, (_, nth) => (nth < atFirst ? this.#join(nth) : undefined))
    this.#pool.inspect()
    this.#engines.begin(options.asleep)
    settleAll()
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
    return this.#engines.tell(Number(nth), fate)
  }

  #poolOptions(): Pool['options'] {
    const { slots, engines, depth } = this.#options
    const after = (ms: number, run: () => void): (() => void) => {
      const timer = { at: this.#now + ms, run }
      this.#timers.push(timer)
      return () => void this.#timers.splice(this.#timers.indexOf(timer), Number(this.#timers.includes(timer)))
    }
    const spawn: Runtime['spawn'] = (spec) => this.#engines.spawn(spec)
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
        this.#end(['main', ...this.#engineSteps()])
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
    const { what, index, fate } = parse(action)
    if (what === 'engine') this.#stepEngine(index, fate)
    else this.#main(action, () => this.#event(what, index))
  }

  #stepEngine(index: number, fate: string): void {
    if (fate !== 'answer') this.#faults--
    this.#engines.step(index, fate as Fate | 'die')
  }

  #engineSteps(): string[] {
    return this.#engines.steps(this.#faults > 0 ? this.#options.kinds : [])
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
        this.#engines.deliver(index)
        break
      case 'exit':
        this.#engines.exit(index)
        break
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
      case 'come':
        this.#members[this.#members.length - 1] = this.#join(this.#members.length - 1)
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

  #leave(): void {
    this.#left = 'leaving'
    const done = this.#pool.leave(this.#members[0]!) as unknown as StepPromise
    done.then(() => {
      this.#left = 'yes'
      if (this.#pool.users > 0) return
      this.#stopping = true
      const stopped = this.#pool.stop() as unknown as StepPromise
      stopped.then(() => {
        this.#stopping = false
      })
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
    const answered = (answer: number): void => {
      if (answer > 0 && stream.buffer[0] !== request) this.#kinds.add("another request's result")
      if (answer <= 0 && answer !== Status.fault) this.#kinds.add('an answer that nobody gave')
      if (this.#owners[slot] !== request) this.#kinds.add('a request that is answered twice')
      this.#owners[slot] = 0
      // Whoever left has nothing to put: the pool takes it back.
      if (!(nth === 0 && this.#left === 'yes')) member.putStream(stream)
      if (writer.out !== request) return
      writer.out = 0
      writer.round++
    }
    if (this.#options.answers === 'promise') {
      stream
        .compress(pageSize)
        .then(answered)
        .catch((error) => {
          if (error !== over) this.#kinds.add(`an error: ${String(error)}`)
        })
    } else {
      stream.submit?.(pageSize, request, (ticket, answer) => {
        if (ticket !== request) this.#kinds.add("another request's ticket")
        answered(answer)
      })
    }
  }

  #idleActions(): string[] {
    const actions = this.#engineSteps()
    const { rounds, kinds, leaves, setups } = this.#options
    this.#writers.forEach((writer, i) => {
      const there = this.#members[i % setups] !== undefined && !this.#isOver(i % setups)
      if (writer.out === 0 && writer.round < rounds && there) actions.push(`ask ${i}`)
      if (writer.out > 0 && this.#faults > 0 && kinds.includes('late')) actions.push(`late ${i}`)
    })
    this.#unrung.forEach((unrung, i) => {
      if (unrung && !(i === 0 && this.#left === 'yes')) actions.push(`commit ${i}`)
    })
    if (this.#heard.length > 0) actions.push('hear')
    actions.push(...this.#engines.news())
    if (this.#timers.length > 0) actions.push('timer')
    if (this.#faults > 0 && kinds.includes('hang')) actions.push('hang')
    if (leaves && this.#left === 'no') actions.push('leave')
    if (this.#mayCome()) actions.push('come')
    return actions
  }

  /** Whether one is still to come. To a pool that has ended nobody comes: there would be a new one. */
  #mayCome(): boolean {
    return this.#members.includes(undefined) && this.#pool.users > 0
  }

  /** Whether a setup has ended, or will never come. */
  #isOver(nth: number): boolean {
    return this.#members[nth] === undefined ? !this.#mayCome() : nth === 0 && this.#left === 'yes'
  }

  /** Takes down what the state is, before anything else can happen. */
  #end(actions: readonly string[]): void {
    if (this.outcome) return
    // Looking is no step.
    atomics.executor = { operation: (run) => run() }
    const written = this.#writers.every(({ out, round }) => out === 0 && round >= this.#options.rounds)
    const left = this.#left !== 'leaving' && !this.#stopping && (this.#left === 'yes' || !this.#options.leaves)
    const owned = this.#owners.some((owner) => owner > 0)
    const final = this.#call === '' && left && (written || this.#left === 'yes') && !owned && this.#othersWritten()
    if (final) this.#checkEnd(actions)
    this.outcome = {
      key: createHash('sha1').update(this.#key()).digest('base64'),
      actions,
      kinds: [...this.#kinds],
      final,
      wakes: this.#engines.wakes,
    }
    atomics.executor = {
      operation() {
        throw over
      },
    }
  }

  #othersWritten(): boolean {
    const { setups, rounds } = this.#options
    return this.#writers.every(({ out, round }, i) => this.#isOver(i % setups) || (out === 0 && round >= rounds))
  }

  #checkEnd(actions: readonly string[]): void {
    const { engines } = this.#pool.stats()
    // An engine that was ended is started anew when somebody asks.
    const up = actions.length === 0 && engines.some(({ state }) => state === 'up')
    const unserved = this.#members.some((member, nth) => member?.state === 'starting' && !this.#isOver(nth))
    if (up && unserved) this.#kinds.add('a setup that no engine serves')
    const { free, lost, waiting, inFlight, held } = this.#pool.stats()
    if (free + lost !== this.#options.slots || held > 0) this.#kinds.add('slots are missing at the end')
    if (waiting + inFlight > 0) this.#kinds.add('requests are left over at the end')
  }

  #key(): string {
    const pool = this.#engines.withBells(() => fingerprint(this.#pool, { skip: skipped }))
    return JSON.stringify([
      pool,
      this.#engines.key,
      this.#writers,
      this.#owners,
      this.#unrung,
      this.#faults,
      this.#now,
      this.#left,
      this.#stopping,
      this.#call,
      this.#results,
      this.#heard.length,
      atomics.waiters.map(({ index }) => index),
      this.#timers.map(({ at }) => at - this.#now),
      [...this.#kinds],
    ])
  }
}
