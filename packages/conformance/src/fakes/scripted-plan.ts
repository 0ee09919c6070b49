/** What a scripted device is told to do. */
import type { Runtime, Unavailable } from '@zcomp/core'

/** What becomes of one request. Absent members: the plain thing. */
export interface Plan {
  /** Milliseconds on the engine. Default: the device's `serviceMs`. */
  readonly after?: number
  /** Answers this instead of what the page compressed to. */
  readonly answer?: unknown
  /** Spoils the result, whose `wrote` bytes lie at the front of `buffer`. */
  readonly spoil?: (buffer: Uint8Array, wrote: number) => void
  /**
   * `never`: no answer until `unstick`, a reset or the end of the setup. `throw`: on submission. `reject`: by call, a fault. `twice`: two
   * answers, the second of them 1. `bare`: a number in place of a promise; by call, an answer within `submit`.
   */
  readonly how?: 'answer' | 'never' | 'throw' | 'reject' | 'twice' | 'bare'
}

/** Requests are numbered from 0, over all setups; setups too. */
export type Script = (nth: number, setup: number) => Plan

export interface ScriptedOptions {
  readonly runtime: Runtime
  /** Default 8. */
  readonly streams?: number
  /** Requests that are worked on at a time. Default: any number. */
  readonly engines?: number
  /** Milliseconds on an engine. Default 1. */
  readonly serviceMs?: number
  /** Milliseconds from the first setup until the device lends. Default 0. */
  readonly startMs?: number
  /** Milliseconds from `putStream` until the stream can be lent again. Default 0. */
  readonly putMs?: number
  /** Bytes of `src` and of `buffer`, and with it the largest page. Default 65536. */
  readonly slotBytes?: number
  /** Whether the device comes up, asked at the first setup of each life, counted from 0. Default: it does. */
  readonly starts?: (life: number) => boolean
  /** Whether the nth setup, from 0, gets its own part of a device that is up. Default: it does. */
  readonly joins?: (nth: number) => boolean
  readonly script?: Script
  /** `call`: its streams have `submit`. Default `promise`. */
  readonly answers?: 'promise' | 'call'
}

/** What the device says in place of a stream. */
export type Refusal = Unavailable | undefined
