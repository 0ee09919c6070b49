/** Whole numbers from 0 to below `n`, the same row for the same seed. */
export type Random = (n: number) => number

/** xorshift32; seed 0 is taken as 1. */
export function seeded(seed: number): Random {
  let state = seed | 0 || 1
  return (n) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % n
  }
}
