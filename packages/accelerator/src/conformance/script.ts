/** How simulated engines behave where they are told to. */
import type { EngineModule, ZcompOps } from '@zcomp/core'

/** One request as an engine sees it. */
export interface SimulatedRequest {
  /** From 0, over all engines. */
  readonly nth: number
  readonly engine: number
  readonly slot: number
  readonly setup: number
}

export type SimulatedFault =
  /** Takes so many milliseconds more. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Answers with this instead. */
  | { readonly kind: 'answer'; readonly answer: number }
  /** Never gets past this request. */
  | { readonly kind: 'hang' }
  /** Never answers this request, but goes on with the next. */
  | { readonly kind: 'swallow' }
  /** The worker ends here. */
  | { readonly kind: 'die' }
  /** Answers, and `afterMs` later answers the same again. */
  | { readonly kind: 'again'; readonly afterMs: number }
  /** Answers, and then for a request that never was. */
  | { readonly kind: 'invent'; readonly slot: number; readonly generation: number }
  /** Claims more answers than its ring holds. */
  | { readonly kind: 'overrun' }

export interface SimulatedOptions {
  /** What an engine finds where it imports `module`. A throw is an import that fails. */
  load(module: EngineModule): ZcompOps
  /** Time for one page, in milliseconds. Default 0.004. */
  readonly serviceMs: number | ((request: SimulatedRequest) => number)
  /** What becomes of the `nth` start (from 0) of an engine: it comes up, ends, or is never heard of. Default: it comes up. */
  onStart(nth: number, engine: number): 'up' | 'ends' | 'hangs' | 'throws'
  onRequest(request: SimulatedRequest): SimulatedFault | undefined
  /** From start to `up`. Default 1. */
  readonly startMs: number
  /** From a message's sending to its arrival. Default 0.02. */
  readonly messageMs: number
  /** False: a worker that is told to end does not. Default true. */
  readonly mortal: boolean
}
