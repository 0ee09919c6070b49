/** What an accelerator can be told, and what it takes where it is told nothing. */
import { type Runtime, ZcompError } from '@zcomp/core'
import { nodeRuntime } from './runtime/node.js'

export interface AcceleratorOptions {
  /** Streams of the whole pool: requests that can be out at a time. 1 to 4096, default 128. */
  readonly streams: number
  /** Worker threads. 1 to 30, default 1. One fewer than there are cores is the most that pays. */
  readonly engines: number
  /** Pages for which slots are made at the start, in bytes: a power of two. Default 4096. Other sizes get theirs with their first setup. */
  readonly pageSize: number
  /** Streams that every setup can have whatever the others do. Default: a thirty-second of the pool. What no longer fits is cut. */
  readonly reserve: number
  /** Requests that one engine holds at a time; the others wait, and are sent by turns of their setups. 1 to 1024, default 32. */
  readonly depth: number
  /**
   * How long an idle engine looks out for work before it sleeps, in microseconds. 0 to 10,000, default 1000: a sleeper's core sleeps too,
   * and in a virtual machine it may take half a millisecond to come back.
   */
  readonly spinMicros: number
  /** An engine that is not up, or not ready for a setup, after so many milliseconds is started anew. Default 10,000. */
  readonly startMs: number
  /** An engine that has requests and answers none for so many milliseconds is to end, and is started anew. Default 3000. */
  readonly hangMs: number
  /**
   * How long an engine that is to end may take to leave by itself, in milliseconds, before its thread is ended; and how long an ending setup
   * waits for an engine without an answer before it is to end. Default 500.
   */
  readonly graceMs: number
  /** Failures in a row, each with a longer pause, after which an engine stays away. Default 5. */
  readonly restarts: number
  /** Clock, timers, chance and workers. Default `nodeRuntime`. */
  readonly runtime: Runtime
}

const smallestPage = 512
const largestPage = 2 ** 20

/** Fills in defaults. Throws a `ZcompError` EINVAL that names the option, what it must be and what came. */
export function resolveOptions(given: Partial<AcceleratorOptions>): AcceleratorOptions {
  const streams = given.streams ?? 128
  const options: AcceleratorOptions = {
    streams,
    engines: given.engines ?? 1,
    pageSize: given.pageSize ?? 4096,
    reserve: given.reserve ?? Math.floor(streams / 32),
    depth: given.depth ?? 32,
    spinMicros: given.spinMicros ?? 1000,
    startMs: given.startMs ?? 10_000,
    hangMs: given.hangMs ?? 3000,
    graceMs: given.graceMs ?? 500,
    restarts: given.restarts ?? 5,
    runtime: given.runtime ?? nodeRuntime,
  }
  needWhole(options, 'streams', 1, 4096)
  needWhole(options, 'engines', 1, 30)
  needWhole(options, 'pageSize', smallestPage, largestPage)
  needWhole(options, 'reserve', 0, streams)
  needWhole(options, 'depth', 1, 1024)
  needWhole(options, 'spinMicros', 0, 10_000)
  for (const name of ['startMs', 'hangMs', 'graceMs'] as const) needWhole(options, name, 1, 3_600_000)
  needWhole(options, 'restarts', 0, 1000)
  if (!Number.isInteger(Math.log2(options.pageSize)))
    throw wrong('pageSize', 'must be a power of two', options.pageSize)
  return options
}

type NumberOption = {
  [K in keyof AcceleratorOptions]: AcceleratorOptions[K] extends number ? K : never
}[keyof AcceleratorOptions]

function needWhole(options: AcceleratorOptions, name: NumberOption, min: number, max: number): void {
  const value = options[name]
  if (Number.isInteger(value) && value >= min && value <= max) return
  throw wrong(name, `must be a whole number from ${min} to ${max}`, value)
}

function wrong(name: string, must: string, value: unknown): ZcompError {
  return new ZcompError('EINVAL', `accelerator: ${name} ${must}, not ${String(value)}`)
}
