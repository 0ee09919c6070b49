/** Copies for the decoder. None touches a byte outside the range that its arguments name: what is far enough from the end goes by whole vectors. */

const vector: usize = 16

// Row d repeats the first d bytes of a vector, for the distances at which a copy overlaps its own source within eight bytes.
const patterns = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
  0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0,
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
  0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
])
/** For each distance, the most of a vector that is a whole number of periods. */
const periods = memory.data<u8>([0, 16, 16, 15, 16, 15, 12, 14])

/** The vector that a copy at a distance of 1 to 7 writes at `to`. Reads 16 bytes from `to - distance`. */
// @ts-ignore: decorator
@inline
export function pattern(to: usize, distance: usize): v128 {
  return v128.swizzle(v128.load(to - distance), v128.load(patterns + (distance << 4)))
}

/** Copies `count` bytes to `to` from `distance` before it, repeating what lies between. `end`: the last byte that may be written, plus one. */
// @ts-ignore: decorator
@inline
export function copyMatch(to: usize, distance: usize, count: usize, end: usize): void {
  const stop = to + count
  if (end - to < count + vector) {
    copyBytes(to, to - distance, stop, distance >= 8)
  } else if (distance < 8) {
    const repeated = pattern(to, distance)
    const step = <usize>load<u8>(periods + distance)
    do {
      v128.store(to, repeated)
      to += step
    } while (to < stop)
  } else if (distance < vector) {
    do {
      store<u64>(to, load<u64>(to - distance))
      to += 8
    } while (to < stop)
  } else {
    do {
      v128.store(to, v128.load(to - distance))
      to += vector
    } while (to < stop)
  }
}

/** Copies a run of literals, `count` of them or a little more, as far as both ends allow. */
// @ts-ignore: decorator
@inline
export function copyRun(to: usize, from: usize, count: usize, toEnd: usize, fromEnd: usize): void {
  const stop = to + count
  if (toEnd - to < count + vector || fromEnd - from < count + vector) {
    copyBytes(to, from, stop, true)
    return
  }
  do {
    v128.store(to, v128.load(from))
    to += vector
    from += vector
  } while (to < stop)
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

/** Writes `count` zeros. */
// @ts-ignore: decorator
@inline
export function fillZeros(to: usize, count: usize, end: usize): void {
  if (end - to < count + vector) {
    memory.fill(to, 0, count)
    return
  }
  const stop = to + count
  const zero = i64x2.splat(0)
  do {
    v128.store(to, zero)
    to += vector
  } while (to < stop)
}
