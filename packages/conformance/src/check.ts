/** The kit's own assertions: a failure carries what was claimed and what came, so that a report can print both. */
import { Status } from '@zcomp/core'

/** What a case throws when a claim does not hold. */
export class Broken extends Error {
  override readonly name: string = 'Broken'
  readonly expected: string
  readonly received: string
  /** Of the random schedule that broke it, where it was one. */
  readonly seed: number | undefined

  constructor(expected: string, received: string, seed?: number) {
    super(`expected ${expected}, received ${received}`)
    this.expected = expected
    this.received = received
    this.seed = seed
  }
}

/** What a case throws when the subject, as it is now, gives it nothing to judge: a device that never came up, a module not built yet. */
export class NotClaimed extends Error {
  override readonly name: string = 'NotClaimed'
}

export function fail(expected: string, received: unknown): never {
  throw new Broken(expected, typeof received === 'string' ? received : show(received))
}

export function check(ok: boolean, expected: string, received: unknown): void {
  if (!ok) fail(expected, received)
}

export function same(received: unknown, expected: unknown, what: string): void {
  if (!Object.is(received, expected)) fail(`${what} to be ${show(expected)}`, received)
}

/** Names the first byte that differs; never prints more than eight bytes of either side. */
export function sameBytes(received: Uint8Array, expected: Uint8Array, what: string): void {
  if (received.length !== expected.length) fail(`${what} to have ${expected.length} bytes`, `${received.length} bytes`)
  const at = firstDifference(received, expected)
  if (at >= 0) fail(`${what}: at byte ${at} of ${expected.length} ${hex(expected, at)}`, hex(received, at))
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && firstDifference(a, b) < 0
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i
  return -1
}

function hex(bytes: Uint8Array, at: number): string {
  return Array.from(bytes.subarray(at, at + 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}

const statusNames = new Map<unknown, string>(Object.entries(Status).map(([name, code]) => [code, name]))

/** A value as a person reads it in a report, with the name of a `Status`. */
export function show(value: unknown): string {
  const status = statusNames.get(value)
  if (status) return `Status.${status} (${String(value)})`
  if (value instanceof Error) return `a throw: ${value.name}: ${value.message}`
  if (value instanceof Promise) return 'a promise'
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength})`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return `function ${value.name}`
  if (typeof value !== 'object' || value === null) return String(value)
  return json(value)
}

function json(value: object): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}
