/** What goes wrong, and when. The same plan over the same calls does the same, whatever the device. */
import { Status, seededRandom, type Unavailable, ZcompError } from '@zcomp/core'

export type Fault =
  /** `getStream` gives this reason instead of a stream. Default `'exhausted'`. */
  | { readonly kind: 'refuse'; readonly reason?: Unavailable }
  /** The device answers with this. Default `Status.fault`; any number is possible. */
  | { readonly kind: 'fail'; readonly answer?: number }
  | { readonly kind: 'throw' }
  | { readonly kind: 'reject' }
  /** No answer until a reset, or the end of the setup. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The answer is right, the bytes are not: so many of their bits are flipped. Default 1. */
  | { readonly kind: 'corrupt'; readonly bits?: number }
  /** The bytes are right, their length is not. */
  | { readonly kind: 'length'; readonly length: number }
  /** Answers twice. */
  | { readonly kind: 'duplicate' }
  /** The device is gone: what is in flight fails, `getStream` says `'removed'`, until it returns after `forMs` or never. */
  | { readonly kind: 'die'; readonly forMs?: number }
  /** The device restarts within `forMs`, says `'starting'` meanwhile, and then fails or completes what was in flight. */
  | { readonly kind: 'reset'; readonly inFlight: 'lose' | 'complete'; readonly forMs: number }

export type FaultKind = Fault['kind']

/** One fault, at the `nth` (from 0) `getStream` or `compress` of the backend, over all its setups. */
export interface FaultStep {
  readonly on: 'getStream' | 'compress'
  readonly nth: number
  readonly fault: Fault
}

/** Faults by chance: how likely each kind is at a call, and how long what takes time lasts. */
export interface FaultRates {
  readonly seed: number
  /** From 0 to 1, together at most 1 for `refuse` (at `getStream`) and at most 1 for the others (at `compress`). */
  readonly rates: { readonly [K in FaultKind | 'late']?: number }
  /** Longest `delay` in milliseconds, default 5. */
  readonly delayMs?: number
  /** How long `late` waits: past the deadline. Default 1500. */
  readonly lateMs?: number
  /** How long `die` and `reset` last, default 50. */
  readonly awayMs?: number
}

export type FaultPlan = readonly FaultStep[] | FaultRates | ((on: FaultStep['on'], nth: number) => Fault | undefined)

export type FaultSource = (on: FaultStep['on']) => Fault | undefined

/** Throws EINVAL for rates outside 0 to 1, or above 1 together. */
export function faultSource(plan: FaultPlan): FaultSource {
  const seen = { getStream: 0, compress: 0 }
  const decide = typeof plan === 'function' ? plan : 'rates' in plan ? byChance(plan) : byScript(plan)
  return (on) => decide(on, seen[on]++)
}

function byScript(steps: readonly FaultStep[]): (on: FaultStep['on'], nth: number) => Fault | undefined {
  const faults = new Map(steps.map(({ on, nth, fault }) => [`${on} ${nth}`, fault]))
  return (on, nth) => faults.get(`${on} ${nth}`)
}

function byChance(plan: FaultRates): (on: FaultStep['on']) => Fault | undefined {
  const random = seededRandom(plan.seed)
  const rates = Object.entries(plan.rates) as [FaultKind | 'late', number][]
  for (const [kind, rate] of rates) {
    if (!(rate >= 0 && rate <= 1))
      throw new ZcompError('EINVAL', `faults: the rate of ${kind} must be from 0 to 1, not ${rate}`)
  }
  const atCompress = rates.filter(([kind]) => kind !== 'refuse')
  const sum = atCompress.reduce((total, [, rate]) => total + rate, 0)
  if (sum > 1) throw new ZcompError('EINVAL', `faults: rates must be at most 1 together, not ${sum}`)
  return (on) => {
    let roll = random()
    if (on === 'getStream') return roll < (plan.rates.refuse ?? 0) ? { kind: 'refuse' } : undefined
    for (const [kind, rate] of atCompress) {
      if (roll < rate) return make(kind, plan, random)
      roll -= rate
    }
    return undefined
  }
}

/** Answers that no device should give, and some that look almost right. */
const oddAnswers = [Status.fault, Status.corrupt, -1, -4096]
const oddLengths = [0, 1, 2 ** 30, 0.5, Number.NaN]

function make(kind: FaultKind | 'late', plan: FaultRates, random: () => number): Fault {
  const { delayMs = 5, lateMs = 1500, awayMs = 50 } = plan
  const pick = (from: readonly number[]): number => from[Math.floor(random() * from.length)]!
  switch (kind) {
    case 'fail':
      return { kind, answer: pick(oddAnswers) }
    case 'delay':
      return { kind, ms: random() * delayMs }
    case 'late':
      return { kind: 'delay', ms: lateMs }
    case 'corrupt':
      return { kind, bits: 1 + Math.floor(random() * 8) }
    case 'length':
      return { kind, length: pick(oddLengths) }
    case 'die':
      return { kind, forMs: awayMs }
    case 'reset':
      return { kind, inFlight: random() < 0.5 ? 'lose' : 'complete', forMs: awayMs }
    default:
      return { kind }
  }
}
