/** Numbers from 0 up to 1 that a seed decides: a xorshift of 32 bits, scrambled first so that small seeds differ. */
export function seededRandom(seed: number): () => number {
  let x = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995) | 0 || 1
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) / 0x1_0000_0000
  }
}
