/** A device that fails as planned, over one that works. */
import { type ManagedStream, type ManagedStreams, type Runtime, Status, type Unavailable } from '@zcomp/core'
import type { Fault, FaultKind, FaultSource } from './plan.js'
import { FaultyStream } from './stream.js'

/** A request that has entered the device. It leaves when the device below is done with it, never before. */
export interface Flight {
  readonly stream: FaultyStream
  readonly fault: Fault | undefined
  /** What the device below has answered. */
  answer: number | undefined
  readonly deliver: (answer: number) => void
}

export type InjectedCounts = Record<FaultKind, number>

export class FaultyDevice implements ManagedStreams {
  readonly #inner: ManagedStreams
  readonly #runtime: Runtime
  readonly #plan: FaultSource
  readonly #counts: InjectedCounts
  readonly #streams = new Map<ManagedStream, FaultyStream>()
  readonly #flights = new Set<Flight>()
  readonly #timers = new Set<() => void>()
  #health: 'up' | 'dead' | 'resetting' | 'ended' = 'up'

  constructor(inner: ManagedStreams, runtime: Runtime, plan: FaultSource, counts: InjectedCounts) {
    this.#inner = inner
    this.#runtime = runtime
    this.#plan = plan
    this.#counts = counts
  }

  get streams(): number {
    return this.#inner.streams
  }

  getStream(): ManagedStream | Unavailable {
    if (this.#health === 'dead') return 'removed'
    if (this.#health === 'resetting') return 'starting'
    if (this.#health === 'ended') return 'draining'
    const fault = this.#plan('getStream')
    if (fault?.kind === 'refuse') {
      this.#counts.refuse++
      return fault.reason ?? 'exhausted'
    }
    const got = this.#inner.getStream()
    return typeof got === 'string' ? got : this.#wrapped(got)
  }

  #wrapped(inner: ManagedStream): FaultyStream {
    const known = this.#streams.get(inner)
    if (known) return known
    const stream = new FaultyStream(inner, this)
    this.#streams.set(inner, stream)
    return stream
  }

  putStream(stream: ManagedStream): void {
    this.#inner.putStream(stream instanceof FaultyStream ? stream.inner : stream)
  }

  commit(): void {
    this.#inner.commit()
  }

  /** The fault of the request that comes now. Those that hit the device as a whole take effect at once. */
  strike(): Fault | undefined {
    const fault = this.#plan('compress')
    if (!fault || fault.kind === 'refuse') return undefined
    this.#counts[fault.kind]++
    return fault
  }

  enter(flight: Flight): void {
    this.#flights.add(flight)
    const { fault } = flight
    if (fault?.kind === 'die') this.die(fault.forMs)
    if (fault?.kind === 'reset') this.reset(fault.inFlight, fault.forMs)
  }

  /** The device below is done with a request: now it goes wrong, or well. */
  done(flight: Flight, answer: number): void {
    flight.answer = answer
    const { fault } = flight
    if (this.#health === 'dead' || this.#health === 'ended') this.#leave(flight, Status.fault)
    else if (this.#health === 'resetting' || fault?.kind === 'hang') return
    else if (fault?.kind === 'delay') this.#later(fault.ms, () => this.#leave(flight, answer))
    else this.#leave(flight, spoilt(flight, answer))
  }

  #leave(flight: Flight, answer: number): void {
    if (this.#flights.delete(flight)) flight.deliver(answer)
  }

  /** Those that the device below still has follow when it is done with them. */
  #leaveAll(answerOf: (flight: Flight) => number): void {
    for (const flight of [...this.#flights]) if (flight.answer !== undefined) this.#leave(flight, answerOf(flight))
  }

  die(forMs?: number): void {
    if (this.#health === 'ended') return
    this.#health = 'dead'
    this.#leaveAll(() => Status.fault)
    if (forMs !== undefined) this.#later(forMs, () => this.comeBack())
  }

  reset(inFlight: 'lose' | 'complete', forMs: number): void {
    if (this.#health !== 'up') return
    this.#health = 'resetting'
    this.#later(forMs, () => {
      if (this.#health !== 'resetting') return
      this.#health = 'up'
      this.#leaveAll((flight) => (inFlight === 'lose' ? Status.fault : (flight.answer ?? Status.fault)))
    })
  }

  /** As good as new. */
  comeBack(): void {
    if (this.#health === 'dead') this.#health = 'up'
  }

  #later(ms: number, run: () => void): void {
    const cancel = this.#runtime.after(ms, () => {
      this.#timers.delete(cancel)
      run()
    })
    this.#timers.add(cancel)
  }

  /** Answers what it holds back; true where there was any. */
  end(): boolean {
    this.#health = 'ended'
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    const { size } = this.#flights
    this.#leaveAll(() => Status.fault)
    return this.#flights.size < size
  }
}

function spoilt({ fault, stream }: Flight, answer: number): number {
  if (fault?.kind === 'fail') return fault.answer ?? Status.fault
  if (fault?.kind === 'length') return fault.length
  if (fault?.kind === 'corrupt' && answer > 0) flipBits(stream.buffer, answer, fault.bits ?? 1)
  return answer
}

/** Spread over the result; the positions follow from its length alone, so that a run can be repeated. */
function flipBits(bytes: Uint8Array, length: number, bits: number): void {
  for (let i = 0; i < bits; i++) {
    const bit = Math.floor(((2 * i + 1) * length * 8) / (2 * bits))
    const at = bit >> 3
    bytes[at] = bytes[at]! ^ (1 << (bit & 7))
  }
}
