/** The options of managed streams: what there is, what is taken where nothing is said, and what is refused. */
import { ZcompError } from '../errors.js'
import { type BreakerOptions, breakerDefaults } from './breaker.js'
import { defaultPolicy } from './policy/index.js'
import type { ManagedPolicy } from './policy/policy.js'
import { neverWait } from './policy/simple.js'

export interface ManagedOptions {
  /** When a device is asked. Default `defaultPolicy`. */
  readonly policy?: ManagedPolicy
  /** How long a device may take over one page before software redoes it, in milliseconds. Default 1000. */
  readonly deadlineMs?: number
  /** What part of the device's results is decompressed and compared before use, 0 to 1. Default 0. */
  readonly verify?: number
  /** When a failing device is left alone, and tried again. `'none'`: never, it is asked for every page. */
  readonly breaker?: Partial<BreakerOptions> | 'none'
  /**
   * `'poc'`: as the kernel patches do it, to compare with. Software takes pages for which there is no stream; apart from that a device
   * may take for ever, nothing is redone, its errors fail the write. Only `close` does not wait for ever: after `drainMs` what is still out
   * fails too. Goes with no option but `trace`.
   */
  readonly compat?: 'none' | 'poc'
  /** How many pages the debug trace remembers. Default 0: no trace, and no cost. */
  readonly trace?: number
}

/** The same with nothing left open. */
export interface ManagedSettings {
  readonly policy: ManagedPolicy
  /** Infinity under `compat: 'poc'`. */
  readonly deadlineMs: number
  readonly verify: number
  readonly breaker: BreakerOptions | 'none'
  readonly compat: 'none' | 'poc'
  readonly trace: number
}

/** Throws a `ZcompError` EINVAL that names the first option that is wrong, what was expected and what came. */
export function readManaged(options: ManagedOptions = {}): ManagedSettings {
  const given = checkNames(options, 'managed', names)
  const { policy = defaultPolicy, deadlineMs = 1000, verify = 0, compat = 'none', trace = 0 } = given
  need(compat === 'none' || compat === 'poc', 'managed.compat', "'none' or 'poc'", compat)
  if (compat === 'poc') return pocSettings(given, trace)
  checkPolicy(policy)
  needNumber('managed.deadlineMs', deadlineMs, 1, 2 ** 31 - 1, 'milliseconds from 1 to 2147483647')
  needNumber('managed.verify', verify, 0, 1, 'a number from 0 to 1')
  return { policy, deadlineMs, verify, breaker: readBreaker(given.breaker ?? {}), compat, trace: checkTrace(trace) }
}

/** The option `drainMs`. Infinity is refused like other nonsense: what ends does so in bounded time. */
export function readDrainMs(drainMs: number = 5000): number {
  needNumber('drainMs', drainMs, 0, 2 ** 31 - 1, 'milliseconds from 0 to 2147483647')
  return drainMs
}

const names = ['policy', 'deadlineMs', 'verify', 'breaker', 'compat', 'trace']

function pocSettings(options: ManagedOptions, trace: number): ManagedSettings {
  for (const name of ['policy', 'deadlineMs', 'verify', 'breaker'] as const) {
    need(options[name] === undefined, `managed.${name}`, "left out with compat: 'poc', which decides it", options[name])
  }
  return {
    policy: { ...neverWait(), name: 'compat-poc' },
    deadlineMs: Number.POSITIVE_INFINITY,
    verify: 0,
    breaker: 'none',
    compat: 'poc',
    trace: checkTrace(trace),
  }
}

function checkPolicy(policy: ManagedPolicy): void {
  const good =
    typeof policy === 'object' &&
    policy !== null &&
    typeof policy.name === 'string' &&
    (policy.fallback === 'software' || policy.fallback === 'none') &&
    typeof policy.start === 'function'
  need(good, 'managed.policy', 'a policy, such as neverWait()', policy)
}

function checkTrace(trace: number): number {
  needWhole('managed.trace', trace, 0, 2 ** 20)
  return trace
}

function readBreaker(given: Partial<BreakerOptions> | 'none'): BreakerOptions | 'none' {
  if (given === 'none') return 'none'
  const options = { ...breakerDefaults, ...checkNames(given, 'managed.breaker', Object.keys(breakerDefaults)) }
  needWhole('managed.breaker.among', options.among, 1, 2 ** 20)
  needWhole('managed.breaker.errors', options.errors, 1, options.among)
  needWhole('managed.breaker.goodProbes', options.goodProbes, 1, 2 ** 20)
  needNumber('managed.breaker.backoffMs', options.backoffMs, 0, 2 ** 31 - 1, 'milliseconds from 0 to 2147483647')
  const most = `milliseconds from backoffMs (${options.backoffMs}) to 2147483647`
  needNumber('managed.breaker.mostBackoffMs', options.mostBackoffMs, options.backoffMs, 2 ** 31 - 1, most)
  needNumber('managed.breaker.jitter', options.jitter, 0, 1, 'a number from 0 to 1')
  return options
}

/** Leaves out what is undefined, so that it does not hide a default. */
function checkNames<T extends object>(options: T, what: string, known: readonly string[]): T {
  need(typeof options === 'object' && options !== null, what, "an object of options, or 'none'", options)
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new ZcompError('EINVAL', `${what}.${unknown}: no such option; there are: ${known.join(', ')}`)
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}

function needWhole(name: string, value: number, min: number, max: number): void {
  need(Number.isInteger(value) && value >= min && value <= max, name, `a whole number from ${min} to ${max}`, value)
}

function needNumber(name: string, value: number, min: number, max: number, expected: string): void {
  need(typeof value === 'number' && value >= min && value <= max, name, expected, value)
}

function need(ok: boolean, name: string, expected: string, came: unknown): void {
  if (ok) return
  const shown = typeof came === 'string' ? JSON.stringify(came) : typeof came === 'object' ? 'an object' : String(came)
  throw new ZcompError('EINVAL', `${name}: expected ${expected}, not ${came === null ? 'null' : shown}`)
}
