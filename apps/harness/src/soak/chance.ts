/** What a seed decides, in handy units. */
import { seededRandom } from '@zcomp/core'

export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 up to, not including, `below`. */
  whole(below: number): number
  /** A number from `from` up to `to`. */
  between(from: number, to: number): number
  /** True at this rate. */
  hit(rate: number): boolean
  pick<T>(from: readonly T[]): T
}

export function chance(seed: number): Chance {
  const next = seededRandom(seed)
  const whole = (below: number): number => Math.floor(next() * below)
  return {
    next,
    whole,
    between: (from, to) => from + next() * (to - from),
    hit: (rate) => next() < rate,
    pick: <T>(from: readonly T[]): T => from[whole(from.length)] as T,
  }
}
