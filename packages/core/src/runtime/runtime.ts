/** The one seam through which time, turns, randomness and workers enter, so that the same code runs in virtual time. */
import { ZcompError } from '../errors.js'

export interface Runtime {
  /** Milliseconds, from any start; never goes back. */
  now(): number
  /** Runs once after `ms` milliseconds, unless the returned function is called first. A pending one keeps the process alive. */
  after(ms: number, run: () => void): () => void
  /** Runs in a later turn of the event loop, when messages and I/O have had theirs. Keeps the process alive until then. */
  nextTurn(run: () => void): void
  /** From 0 up to, not including, 1. */
  random(): number
  /** Starts a worker. Throws ENOTSUP where there are none. */
  spawn(spec: WorkerSpec): WorkerHandle
}

export interface WorkerSpec {
  /** URL of a module. */
  readonly url: string
  /** What the worker finds as its data; cloned, shared memory shared. */
  readonly data: unknown
  onMessage(message: unknown): void
  /** Called once, when the worker has ended for whatever reason; it touches no shared memory after that. */
  onExit(error: unknown): void
}

export interface WorkerHandle {
  post(message: unknown): void
  /** A worker that is ref'd keeps the process alive. Workers start unref'd. */
  ref(): void
  unref(): void
  /** Resolves when the worker has ended. */
  terminate(): Promise<void>
}

/** What every JavaScript host has, but the language's own library does not declare. */
interface Host {
  readonly performance: { now(): number }
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  setImmediate?(run: () => void): unknown
}

const host = globalThis as unknown as Host
/** Taken from the host once: Node makes `performance` an accessor, which costs as much again as the clock. */
const { performance } = host

/** Real time. It starts no workers: those need a host, and come with `@zcomp/accelerator`. */
export const realRuntime: Runtime = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = host.setTimeout(run, ms)
    return () => host.clearTimeout(timer)
  },
  nextTurn(run) {
    if (host.setImmediate) host.setImmediate(run)
    else host.setTimeout(run, 0)
  },
  random: () => Math.random(),
  spawn(spec) {
    throw new ZcompError('ENOTSUP', `this runtime starts no workers, so ${spec.url} cannot run`)
  },
}
