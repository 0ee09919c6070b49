/** What main and an engine tell each other by message. Requests and answers never travel this way. */
import type { EngineModule, ZcompParams } from '@zcomp/core'

/** What an engine finds as its data. */
export interface EngineData {
  readonly rings: SharedArrayBuffer
  /** One word, for all engines: add one and notify, and main looks. */
  readonly wake: SharedArrayBuffer
  /** How main hears: by that word, or by a `wake` message. */
  readonly wakeBy: 'futex' | 'message'
  readonly spinMicros: number
}

/** A setup that requests will refer to by `id`. */
export interface SetupMessage {
  readonly type: 'setup'
  readonly id: number
  readonly module: EngineModule
  readonly format: string
  readonly params: ZcompParams
  /** One `src` page and one `buffer` page for each slot. */
  readonly slots: SharedArrayBuffer
}

export type ToEngine =
  | SetupMessage
  | { readonly type: 'release'; readonly id: number }
  /** For an engine that cannot wait on shared memory. */
  | { readonly type: 'bell' }

export type FromEngine =
  /** `bell`: how the engine wants to be woken. `wake`: how it wakes main. */
  | { readonly type: 'up'; readonly bell: 'futex' | 'message'; readonly wake: 'futex' | 'message' }
  | { readonly type: 'ready'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly why: string }
  | { readonly type: 'wake' }
