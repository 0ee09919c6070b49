/** Copies for the decoder. None touches a byte outside the range that its arguments name: what is far enough from the end goes by whole vectors. */

const VECTOR: usize = 16

// Row d repeats the first d bytes of a vector, for the distances at which a copy overlaps its own source within eight bytes.
const PATTERNS = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0,
  1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1,
  2, 3, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 0, 1, 2, 3, 4,
  5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
])
/** For each distance, the most of a vector that is a whole number of periods. */
const PERIODS = memory.data<u8>([0, 16, 16, 15, 16, 15, 12, 14])

export class Copy {
  /** The vector that a copy at a distance of 1 to 7 writes at `to`. Reads 16 bytes from `to - distance`. */
  @inline static pattern(to: usize, distance: usize): v128 {
    return v128.swizzle(v128.load(to - distance), v128.load(PATTERNS + (distance << 4)))
  }

  /** Copies `count` bytes to `to` from `distance` before it, repeating what lies between. `end`: the last byte that may be written, plus one. */
  @inline static match(to: usize, distance: usize, count: usize, end: usize): void {
    const stop = to + count
    if (end - to < count + VECTOR) {
      copyBytes(to, to - distance, stop, distance >= 8)
    } else if (distance < 8) {
      const repeated = Copy.pattern(to, distance)
      const step = <usize>load<u8>(PERIODS + distance)
      do {
        v128.store(to, repeated)
        to += step
      } while (to < stop)
    } else if (distance < VECTOR) {
      do {
        store<u64>(to, load<u64>(to - distance))
        to += 8
      } while (to < stop)
    } else {
      do {
        v128.store(to, v128.load(to - distance))
        to += VECTOR
      } while (to < stop)
    }
  }

  /** Copies a run of literals, `count` of them or a little more, as far as both ends allow. */
  @inline static run(to: usize, from: usize, count: usize, toEnd: usize, fromEnd: usize): void {
    const stop = to + count
    if (toEnd - to < count + VECTOR || fromEnd - from < count + VECTOR) {
      copyBytes(to, from, stop, true)
      return
    }
    do {
      v128.store(to, v128.load(from))
      to += VECTOR
      from += VECTOR
    } while (to < stop)
  }

  /** Writes `count` zeros. */
  @inline static zeros(to: usize, count: usize, end: usize): void {
    if (end - to < count + VECTOR) {
      memory.fill(to, 0, count)
      return
    }
    const stop = to + count
    const zero = i64x2.splat(0)
    do {
      v128.store(to, zero)
      to += VECTOR
    } while (to < stop)
  }
}

/** Exactly as many bytes as there are up to `stop`, first to last. `words`: the ranges are eight bytes apart or more. */
function copyBytes(to: usize, from: usize, stop: usize, words: bool): void {
  if (words) {
    while (stop - to >= 8) {
      store<u64>(to, load<u64>(from))
      to += 8
      from += 8
    }
  }
  while (to < stop) store<u8>(to++, load<u8>(from++))
}
