/** Numbers that a seed decides, here and nowhere else: golden pages are made of them, so this generator never changes. */

/** From 0 up to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** FNV-1a of 32 bits, to tell names and pages apart. */
export function hash(bytes: Uint8Array | string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < bytes.length; i++) {
    const byte = typeof bytes === 'string' ? bytes.charCodeAt(i) : bytes[i]!
    h = Math.imul(h ^ byte, 0x01000193)
  }
  return h >>> 0
}
