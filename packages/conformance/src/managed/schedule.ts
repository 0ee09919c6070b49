/** Random schedules: what is asked of a block device, what befalls its hardware meanwhile, and how a device answers. */
import { type ManagedOptions, Status } from '@zcomp/core'
import type { Plan } from '../fakes/scripted-plan.js'
import { randomFrom } from '../random.js'
import type { WorldOptions } from './world.js'

/** What befalls a device between requests. */
export type DeviceEvent =
  | 'remove, failing'
  | 'remove, hanging'
  | 'come back'
  | 'reset, losing'
  | 'reset, completing'
  | 'pause'
  | 'resume'
  | 'unstick'
  | 'full'
  | 'starting'

export type Op =
  | { readonly kind: 'write' | 'writeSync'; readonly offset: number; readonly length: number; readonly fill: number }
  | { readonly kind: 'discard' | 'writeZeroes' | 'read' | 'readSync'; readonly offset: number; readonly length: number }
  | { readonly kind: 'flush' | 'turn' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'device'; readonly event: DeviceEvent }

/** What is random about a scenario. */
export interface Chaos {
  readonly managed: ManagedOptions
  readonly device: NonNullable<WorldOptions['device']>
  /** How requests are answered when things go wrong; absent: as when they go well. */
  readonly plan?: (random: () => number) => Plan
  readonly events?: readonly DeviceEvent[]
  /** Pages of the disk. Default 4: they are to get in each other's way. */
  readonly pages?: number
  /** Also parts of pages, discards and synchronous calls. Default true. */
  readonly mixed?: boolean
  /** Milliseconds that a request may take. Default: the deadline, looked at twice. `'any'`: the policy waits for streams. */
  readonly withinMs?: number | 'any'
  /**
   * Whether all ways lead to the same stored sizes. False where a device may decline pages that software compresses, or shorten a result
   * that is right all the same. Default true.
   */
  readonly sameTotals?: boolean
  /** Memory for so many pages: then writes may fail, and only writes within single pages are made. */
  readonly memLimitPages?: number
  /** Most operations. Default 28. */
  readonly length?: number
}

export function makeOps(chaos: Chaos, seed: number, pageSize: number): Op[] {
  const random = randomFrom(Math.imul(seed, 0x85ebca6b) ^ 0x51ed27)
  const below = (n: number): number => Math.floor(random() * n)
  const { pages = 4, mixed = true, length = 28, events = [] } = chaos
  const place = (): { offset: number; length: number } => {
    if (!mixed || below(3) > 0) {
      const first = below(pages)
      return { offset: first * pageSize, length: Math.min(1 + below(3), pages - first) * pageSize }
    }
    const offset = below(pages * pageSize)
    return { offset, length: Math.min(1 + below(2 * pageSize + 7), pages * pageSize - offset) }
  }
  const one = (): Op => {
    const dice = below(100)
    if (chaos.memLimitPages !== undefined && dice >= 24)
      return { kind: dice < 40 ? 'writeSync' : 'write', ...place(), fill: below(contents) }
    if (events.length > 0 && dice < 14) return { kind: 'device', event: events[below(events.length)]! }
    if (dice < 24) return { kind: 'wait', ms: below(below(4) === 0 ? 60 : 8) }
    if (dice < 30) return { kind: below(2) ? 'flush' : 'turn' }
    if (dice < 42) return { kind: mixed && below(2) ? 'readSync' : 'read', ...place() }
    if (mixed && dice < 48) return { kind: below(2) ? 'discard' : 'writeZeroes', ...place() }
    if (mixed && dice < 56) return { kind: 'writeSync', ...place(), fill: below(contents) }
    return { kind: 'write', ...place(), fill: below(contents) }
  }
  return Array.from({ length: 4 + below(length - 3) }, one)
}

/** Different contents that schedules write. */
export const contents = 12

/** What a request's plan is: decided by seed and number, so that it stays where other requests are dropped. */
export function planOf(plan: (random: () => number) => Plan, seed: number): (nth: number) => Plan {
  return (nth) => plan(randomFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(nth + 1, 0xc2b2ae35)))
}

/** Answers in any order, all of them right. */
export const anyOrder =
  (most = 8) =>
  (random: () => number): Plan => ({ after: Math.floor(random() * most) })

/** One of `plans`, in `part` of the cases; else any order. */
export function sometimes(part: number, ...plans: readonly Plan[]): (random: () => number) => Plan {
  return (random) => {
    const after = Math.floor(random() * 8)
    if (random() >= part) return { after }
    return { after, ...plans[Math.floor(random() * plans.length)]! }
  }
}

export const faulty: Plan = { answer: Status.fault }
export const hanging: Plan = { how: 'never' }

/** In words, for a report: an operation to a line. */
export function describeOps(ops: readonly Op[]): string {
  return ops
    .map((op) => {
      if ('offset' in op) return `    ${op.kind} ${op.offset}+${op.length}${'fill' in op ? ` content ${op.fill}` : ''}`
      if (op.kind === 'wait') return `    wait ${op.ms} ms`
      return op.kind === 'device' ? `    the device: ${op.event}` : `    ${op.kind}`
    })
    .join('\n')
}
