/**
 * The order of requests. Writes and discards start in the order in which they were submitted; reads pass them. Work is done at once where
 * there is nothing to wait for, but after half a millisecond the event loop gets its turn.
 */
import type { ManagedDesk } from '../managed/desk.js'
import type { Runtime } from '../runtime/runtime.js'
import { Queue } from '../zcomp/queue.js'
import type { PageReader } from './page-reader.js'
import type { PageWriter, Step } from './page-writer.js'
import { type DataRequest, DiscardRequest, ReadRequest, type Request, type WriteRequest } from './requests.js'

/** Milliseconds of work in one turn of the event loop. */
const sliceMs = 0.5
/**
 * How long to look on for a device's last answers where nothing else is left to do: going to sleep and being woken takes as long. Not for one
 * that is expected to take longer.
 */
const lingerMs = 0.2
/** Looks in that time, at most: a clock may stand still. */
const mostLooks = 1000
const always = (): boolean => true

export interface PumpOptions {
  readonly writer: PageWriter
  readonly reader: PageReader
  readonly desk: ManagedDesk | 'none'
  readonly runtime: Runtime
  /** Called at the start of each turn's work. */
  readonly onTurn: () => void
}

export class Pump {
  readonly #options: PumpOptions
  readonly #writes: Fifo<WriteRequest | DiscardRequest> = new Fifo()
  readonly #reads: Fifo<ReadRequest> = new Fifo()
  /** Accepted and not ended, in order. */
  readonly #unfinished = new Queue<Request>()
  #queuedBytes = 0
  #running = false
  /** The pump goes on by itself, after promises or in another turn. */
  #resumes = false
  #waiting = false
  #inTurn = false
  #turnStart = 0
  /** Looks for last answers since there was work, until when, and whether the next is on its way. */
  #looks = 0
  #lingersUntil = 0
  #looking = false

  constructor(options: PumpOptions) {
    this.#options = options
    if (options.desk !== 'none') {
      options.desk.onSpace = () => {
        this.#waiting = false
        this.#run()
      }
    }
  }

  /** Requests accepted and not ended. */
  get unfinished(): number {
    return this.#unfinished.size
  }

  /** Accepts a request and does what can be done now. It may have ended on return. */
  submit(request: WriteRequest | DiscardRequest | ReadRequest): void {
    if (request instanceof ReadRequest) this.#reads.push(request)
    else {
      this.#writes.push(request)
      this.#queuedBytes += request.end - request.at
    }
    this.#run()
    if (request.ended) return
    this.#unfinished.push(request)
    request.whenEnded(() => this.#unfinished.remove(request))
  }

  /** Runs a write, discard or read to its end now, in software, after everything queued before it on its pages. */
  runNow(request: WriteRequest | DiscardRequest | ReadRequest): void {
    if (!(request instanceof ReadRequest)) this.#catchUp(request)
    this.#step(request, false, always)
  }

  /** Calls `run` when every write and discard accepted so far has ended. */
  whenFlushed(run: () => void): void {
    let left = 1
    const one = (): void => {
      if (--left === 0) run()
    }
    for (let request = this.#unfinished.first; request; request = request.next) {
      if (request instanceof ReadRequest) continue
      left++
      request.whenEnded(one)
    }
    one()
  }

  /** Calls `run` when nothing is left to do. */
  whenIdle(run: () => void): void {
    let left = 1
    const one = (): void => {
      if (--left === 0) run()
    }
    for (let request = this.#unfinished.first; request; request = request.next) {
      left++
      request.whenEnded(one)
    }
    one()
  }

  /**
   * Starts everything queued up to the last request that shares a page with `request`, without waiting for anything: a write to a part of
   * a page is built on the newest submitted content, also where it shares no byte with it.
   */
  #catchUp(request: Request): void {
    const { pageSize } = this.#options.writer.staging
    const first = request.offset - (request.offset % pageSize)
    const end = Math.ceil(request.end / pageSize) * pageSize
    let last: Request | undefined
    this.#writes.forEach((queued) => {
      if (queued.offset < end && first < queued.end) last = queued
    })
    while (last && this.#writes.first) {
      const queued = this.#writes.first
      const before = queued.at
      this.#step(queued, false, always)
      this.#queuedBytes -= queued.at - before
      this.#shift(queued)
      if (queued === last) return
    }
  }

  readonly #run = (): void => {
    if (this.#running || this.#resumes) return
    this.#running = true
    const step = this.#work()
    this.#running = false
    const { desk } = this.#options
    if (desk !== 'none') {
      desk.commit()
      if (!this.#writes.first) desk.rest()
    }
    if (step === 'promises') {
      this.#resumes = true
      void resolved.then(this.#resume)
    } else if (step === 'done' && !this.#looking && this.#lingers()) {
      this.#looking = true
      void resolved.then(this.#look)
    }
  }

  readonly #resume = (): void => {
    this.#resumes = false
    this.#run()
  }

  readonly #look = (): void => {
    this.#looking = false
    this.#run()
  }

  /** Whether to look once more for a device's last answers. Requests that come meanwhile are not kept waiting by it. */
  #lingers(): boolean {
    const { desk, runtime } = this.#options
    if (desk === 'none' || desk.inFlight === 0 || this.#looks === mostLooks) return false
    if (desk.managedMs * desk.inFlight > lingerMs) return false
    const now = runtime.now()
    if (this.#looks++ === 0) this.#lingersUntil = now + lingerMs
    return now < this.#lingersUntil
  }

  #work(): Step {
    while (this.#reads.first || (this.#writes.first && !this.#waiting)) {
      this.#looks = 0
      if (!this.#mayGo()) return 'turn'
      const read = this.#reads.first
      if (read) {
        if (this.#step(read, true, this.#mayGo) !== 'done') return 'turn'
        this.#reads.shift()
        continue
      }
      const write = this.#writes.first as WriteRequest | DiscardRequest
      const before = write.at
      const step = this.#step(write, true, this.#mayGo)
      this.#queuedBytes -= write.at - before
      if (step === 'wait') this.#waiting = true
      if (write.started) this.#shift(write)
      if (step === 'turn' || step === 'promises') return step
    }
    return 'done'
  }

  #step(request: Request, managed: boolean, mayGo: () => boolean): Step {
    const { writer, reader } = this.#options
    if (request instanceof ReadRequest) return reader.read(request, mayGo)
    if (request instanceof DiscardRequest) return writer.discard(request, mayGo)
    return writer.write(request as DataRequest, managed, mayGo, this.#queuedBytes - (request.end - request.at))
  }

  #shift(write: WriteRequest | DiscardRequest): void {
    this.#writes.shift()
    this.#queuedBytes -= Math.max(0, write.end - write.at)
    write.endIfOver()
  }

  /** Whether this turn's half millisecond is not used up. The first question of a turn asks for the next turn. */
  readonly #mayGo = (): boolean => {
    const { runtime, onTurn } = this.#options
    const now = runtime.now()
    if (!this.#inTurn) {
      this.#inTurn = true
      this.#turnStart = now
      onTurn()
      runtime.nextTurn(this.#nextTurn)
    }
    return now - this.#turnStart < sliceMs
  }

  readonly #nextTurn = (): void => {
    this.#inTurn = false
    this.#run()
  }
}

const resolved: Promise<void> = Promise.resolve()

/** A queue whose head moves, so that a long one costs nothing to take from. */
class Fifo<T> {
  #items: (T | undefined)[] = []
  #head = 0

  get first(): T | undefined {
    return this.#items[this.#head]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): void {
    this.#items[this.#head++] = undefined
    if (this.#head < this.#items.length && this.#head < 1024) return
    this.#items.splice(0, this.#head)
    this.#head = 0
  }

  forEach(each: (item: T) => void): void {
    for (let i = this.#head; i < this.#items.length; i++) each(this.#items[i] as T)
  }
}
