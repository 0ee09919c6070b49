/** One life of an accelerator, from its first setup to its last. Main's thread owns all of it; engines see rings and slots only. */
import type { ManagedStream, Unavailable } from '@zcomp/core'
import type { SetupMessage } from '../engine/messages.js'
import type { AcceleratorOptions } from '../options.js'
import type { AcceleratorCounts, AcceleratorStats } from '../stats.js'
import { Dispatcher } from './dispatcher.js'
import { Engine } from './engine.js'
import type { EngineHost } from './engine-host.js'
import { farewell } from './farewell.js'
import { Member } from './member.js'
import { SlotTable } from './slots.js'
import { type PooledStream, SlotMemory } from './stream.js'

/** What a setup brings. */
export type Newcomer = Pick<SetupMessage, 'module' | 'format' | 'params'> & { readonly name: string }

/** Doorbells between two looks at the engines' health. */
const commitsPerLook = 64
/** Doorbells in a row that brought no answer, after which their health is looked at too. */
const mostFruitless = 8
/** Engines in a row that a setup may take down before it is ready. */
const mostStrikes = 2

export class Pool implements EngineHost {
  readonly options: AcceleratorOptions
  readonly counts: AcceleratorCounts
  readonly wake: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  readonly wakeBy: 'futex' | 'message' = typeof Atomics.waitAsync === 'function' ? 'futex' : 'message'
  readonly #slots: SlotTable
  readonly #engines: readonly Engine[]
  readonly #dispatcher: Dispatcher
  readonly #members = new Map<number, Member>()
  /** For the usual page size, of this life or of an earlier one. */
  readonly memory: SlotMemory
  readonly #memories = new Map<number, SlotMemory>()
  /** Told whenever an engine or a setup changes state. */
  readonly #changed: () => void
  #commits = 0
  #fruitless = 0
  #stopping: Promise<boolean> | undefined
  #ids = 0

  constructor(options: AcceleratorOptions, counts: AcceleratorCounts, changed: () => void, memory?: SlotMemory) {
    this.options = options
    this.counts = counts
    this.#changed = changed
    this.#slots = new SlotTable(options.streams)
    this.memory = memory ?? new SlotMemory(options.streams, options.pageSize)
    this.#memories.set(options.pageSize, this.memory)
    this.#engines = Array.from({ length: options.engines }, (_, index) => new Engine(index, this))
    this.#dispatcher = new Dispatcher(this.#engines, this.#slots, counts, { wake: this.wake, runtime: options.runtime })
  }

  get size(): number {
    return this.options.streams
  }

  get users(): number {
    return this.#members.size
  }

  /** True where every setup has an engine, or will never have one. */
  get settled(): boolean {
    for (const { state } of this.#members.values()) if (state === 'starting') return false
    return true
  }

  /** True: no worker is left that could touch shared memory. Two that leave last at once both ask for it. */
  stop(): Promise<boolean> {
    this.#stopping ??= Promise.all(this.#engines.map((engine) => engine.stop())).then((ended) => {
      this.#dispatcher.stopListening()
      return !ended.includes(false)
    })
    return this.#stopping
  }

  /** The slots are the same for all page sizes; each size has memory of its own for them. */
  #memoryFor(pageSize: number): SlotMemory {
    const memory = this.#memories.get(pageSize) ?? new SlotMemory(this.options.streams, pageSize)
    this.#memories.set(pageSize, memory)
    return memory
  }

  join({ name, module, format, params }: Newcomer): Member {
    const memory = this.#memoryFor(params.pageSize)
    const id = ++this.#ids
    const message: SetupMessage = { type: 'setup', id, module, format, params, slots: memory.shared }
    const member = new Member(this, name, message, memory, this.#slots.reserve(this.options.reserve))
    this.#members.set(id, member)
    for (const engine of this.#engines) engine.announce(message)
    this.#withoutEngine(member)
    return member
  }

  *setups(suspect: boolean): Generator<SetupMessage> {
    for (const { state, strikes, message } of this.#members.values()) {
      if (state !== 'removed' && strikes > 0 === suspect) yield message
    }
  }

  /** Ends a setup in bounded time. */
  async leave(member: Member): Promise<void> {
    member.state = 'draining'
    await farewell(member, this.#engines, this.#dispatcher, this.options)
    this.#forget(member)
  }

  #forget(member: Member): void {
    for (const stream of member.memory.streams) {
      if (stream.member !== member) continue
      this.counts.reclaimed++
      this.#slots.give(member, stream)
    }
    this.#slots.unreserve(member)
    this.#members.delete(member.id)
    for (const engine of this.#engines) engine.release(member.id)
  }

  lend(member: Member): ManagedStream | Unavailable {
    const slot = this.#slots.take(member)
    if (slot < 0) return this.refuse(member)
    const stream = member.memory.streams[slot]!
    stream.member = member
    stream.state = 'lent'
    this.counts.lent++
    return stream
  }

  /** Counts why there is no stream. A demand that cannot be met is the moment to look after the engines. */
  refuse({ state }: Member): Unavailable {
    const { refused } = this.counts
    const why = state === 'open' ? 'exhausted' : state
    if (state === 'open' && this.#slots.free > 0) refused.quota++
    else refused[why]++
    if (state === 'open' || state === 'starting') this.inspect()
    return why
  }

  takeBack(member: Member, stream: PooledStream): void {
    this.counts.returned++
    this.#slots.give(member, stream)
  }

  submit(member: Member, stream: PooledStream): void {
    this.#dispatcher.submit(member, stream)
  }

  commit(): void {
    if (this.#dispatcher.idle) return
    const { answered } = this.counts
    this.#dispatcher.look()
    this.#fruitless = this.counts.answered === answered ? this.#fruitless + 1 : 0
    if (++this.#commits % commitsPerLook === 0 || this.#fruitless === mostFruitless) {
      this.#fruitless = 0
      this.inspect()
    }
  }

  /** Starts what is to be started, and ends what stands still. */
  inspect(): void {
    const now = this.options.runtime.now()
    for (const engine of this.#engines) engine.inspect(now)
  }

  onAnswer(engine: Engine, slot: number, generation: number, answer: number, serviceMicros: number): void {
    this.#dispatcher.answered(engine, slot, generation, answer, serviceMicros)
  }

  onWake(): void {
    this.#dispatcher.woken()
  }

  onReady(engine: Engine, setup: number): void {
    const member = this.#members.get(setup)
    if (!member) return
    member.ready |= engine.bit
    member.strikes = 0
    if (member.state === 'starting') member.state = 'open'
    this.#changed()
  }

  /** Another engine would fail in the same way: it is the same code. */
  onFailed(_engine: Engine, setup: number, why: string): void {
    const member = this.#members.get(setup)
    if (member) this.#remove(member, why)
    this.#changed()
  }

  #remove(member: Member, why: string): void {
    member.remove(why)
    this.#dispatcher.cancel(member)
  }

  onKill(engine: Engine): void {
    this.#without(engine)
  }

  onEnd(engine: Engine, unready: readonly number[]): void {
    this.#dispatcher.orphan(engine)
    for (const id of unready) {
      const member = this.#members.get(id)
      if (member && ++member.strikes >= mostStrikes && unready.length === 1)
        this.#remove(member, `it ends its engine: ${engine.why}`)
    }
    this.#without(engine)
  }

  #without(engine: Engine): void {
    for (const member of this.#members.values()) {
      member.ready &= ~engine.bit
      this.#withoutEngine(member)
    }
    if (!this.#dispatcher.idle) this.#dispatcher.look()
    this.#changed()
  }

  /** A setup that no engine is ready for waits for one, or is on its own for good. */
  #withoutEngine(member: Member): void {
    if (member.ready !== 0) return
    this.#dispatcher.cancel(member)
    if (this.#engines.every(({ state }) => state === 'gone')) member.remove(`no engine: ${this.#engines[0]?.why}`)
    else if (member.state === 'open') member.state = 'starting'
  }

  stats(): Omit<AcceleratorStats, 'counts'> {
    const { free, held, lost, size } = this.#slots
    const rings = this.#engines.map((engine) => engine.rings.memory.byteLength)
    const slots = Array.from(this.#memories.values(), ({ shared }) => shared.byteLength)
    return {
      health: this.#health(),
      streams: size,
      free,
      held,
      lost,
      waiting: this.#dispatcher.waiting,
      inFlight: this.#dispatcher.flying,
      memoryBytes: [...rings, ...slots].reduce((sum, bytes) => sum + bytes, this.wake.byteLength),
      engines: this.#engines.map((engine) => engine.stats()),
      setups: Array.from(this.#members.values(), (member) => member.stats()),
    }
  }

  #health(): AcceleratorStats['health'] {
    const all = (wanted: string): boolean => this.#engines.every(({ state }) => state === wanted)
    if (all('off')) return 'idle'
    return all('up') ? 'up' : all('gone') ? 'removed' : all('starting') ? 'starting' : 'degraded'
  }
}
