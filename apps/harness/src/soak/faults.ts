/** Faults by chance in changing weather: a device is mostly well, fails now and then, and has bad moments. */
import type { Fault, FaultPlan } from '@zcomp/accelerator'
import { Status } from '@zcomp/core'
import type { Chance } from './chance.js'

/** As the faults of a plan, with answers after the deadline apart from other delays. */
export type Kind = Fault['kind'] | 'late'

export const kinds: readonly Kind[] = [
  'refuse',
  'fail',
  'throw',
  'reject',
  'hang',
  'delay',
  'late',
  'corrupt',
  'length',
  'duplicate',
  'die',
  'reset',
]

type Rates = { readonly [K in Kind]?: number }

const common: Rates = {
  fail: 4e-3,
  throw: 1e-3,
  reject: 1e-3,
  corrupt: 4e-3,
  length: 2e-3,
  delay: 8e-3,
  duplicate: 8e-3,
}
const rare: Rates = { refuse: 5e-3, late: 2e-4, hang: 2e-4, die: 2e-4, reset: 4e-4 }

/** Each lasts for seconds. */
const weathers: readonly { readonly weight: number; readonly rates: Rates }[] = [
  { weight: 3, rates: {} },
  { weight: 8, rates: { ...common, ...rare } },
  { weight: 3, rates: { ...times(common, 8), refuse: 0.05 } },
  { weight: 1, rates: { fail: 0.3, corrupt: 0.3, length: 0.2, duplicate: 0.2 } },
  { weight: 1, rates: { hang: 0.01, late: 0.01, delay: 0.2, reset: 3e-3 } },
  { weight: 1, rates: { refuse: 0.5, die: 4e-3, reset: 4e-3, duplicate: 0.2 } },
]

function times(rates: Rates, factor: number): Rates {
  return Object.fromEntries(Object.entries(rates).map(([kind, rate]) => [kind, rate * factor]))
}

const oddAnswers = [Status.fault, Status.corrupt, -1, -4096, -0.5]
const oddLengths = [0, 1, 2 ** 30, 0.5, Number.NaN, Number.POSITIVE_INFINITY]

/** `lateMs` is past the deadline. `tally` counts what is injected. */
export function weatherPlan(chance: Chance, lateMs: number, tally: Record<Kind, number>): FaultPlan {
  let rates: Rates = {}
  let until = 0
  return (on) => {
    // By the clock: a device that is left alone for its errors would otherwise have its bad moment for ever.
    if (performance.now() >= until) {
      rates = chance.pick(weathers.flatMap(({ weight, rates }) => Array.from({ length: weight }, () => rates)))
      until = performance.now() + chance.between(500, 5000)
    }
    const kind = on === 'getStream' ? (chance.hit(rates.refuse ?? 0) ? 'refuse' : undefined) : roll(rates, chance)
    if (!kind) return undefined
    tally[kind]++
    return make(kind, chance, lateMs)
  }
}

function roll(rates: Rates, chance: Chance): Kind | undefined {
  let rolled = chance.next()
  for (const kind of kinds) {
    if (kind === 'refuse') continue
    rolled -= rates[kind] ?? 0
    if (rolled < 0) return kind
  }
  return undefined
}

function make(kind: Kind, chance: Chance, lateMs: number): Fault {
  switch (kind) {
    case 'refuse':
      return { kind, reason: chance.pick(['exhausted', 'starting', 'draining', 'removed']) }
    case 'fail':
      return { kind, answer: chance.pick(oddAnswers) }
    case 'delay':
      return { kind, ms: chance.between(0, 10) }
    case 'late':
      return { kind: 'delay', ms: lateMs * chance.between(1, 2) }
    case 'corrupt':
      return { kind, bits: 1 + chance.whole(16) }
    case 'length':
      return { kind, length: chance.pick(oddLengths) }
    case 'die':
      return { kind, forMs: chance.between(1, 100) }
    case 'reset':
      return { kind, inFlight: chance.pick(['lose', 'complete']), forMs: chance.between(1, 100) }
    default:
      return { kind }
  }
}

export function noFaults(): Record<Kind, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>
}
