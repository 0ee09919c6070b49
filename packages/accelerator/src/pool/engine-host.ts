import type { SetupMessage } from '../engine/messages.js'
import type { AcceleratorOptions } from '../options.js'
import type { AcceleratorCounts } from '../stats.js'
import type { Engine } from './engine.js'

/** What an engine needs of its pool. */
export interface EngineHost {
  readonly options: AcceleratorOptions
  readonly counts: AcceleratorCounts
  readonly wake: SharedArrayBuffer
  readonly wakeBy: 'futex' | 'message'
  /** What every new run has to be told first; or, of that, what was not ready when its engine ended. */
  setups(suspect: boolean): Iterable<SetupMessage>
  onAnswer(engine: Engine, slot: number, generation: number, answer: number, serviceMicros: number): void
  onReady(engine: Engine, setup: number): void
  onFailed(engine: Engine, setup: number, why: string): void
  onWake(): void
  /** It stands still, and is to end: nothing more is sent to it. */
  onKill(engine: Engine): void
  /** The worker has ended: it touches no shared memory any more. `unready`: setups that it had not got ready. */
  onEnd(engine: Engine, unready: readonly number[]): void
}
