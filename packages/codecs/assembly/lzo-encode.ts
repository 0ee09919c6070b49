/**
 * LZO1X-1, bitstream 0 and 1, giving the bytes that Linux gives.
 *
 * A chunk of at most 48 KiB is searched with one table of 16-bit positions in that chunk, so no distance is ever too long. The encoder stores
 * whole vectors: up to 15 bytes after what it has written may change. It reads at most the bytes of its input.
 */
import { zero } from './zero'

/** Entries of the hash table, two bytes each. */
const TABLE_BYTES: usize = 8192 * 2
/** No match starts in the last bytes of a chunk; it may run into them. */
const GUARD: usize = 20
/** The zero-run form takes a distance from the longest copy form, hence the odd limit of bitstream 1. */
const CHUNK_BYTES: u32 = 49152
const MIN_ZERO_RUN: u32 = 4
const MAX_ZERO_RUN: usize = 2051
/** Longest match, and farthest, that the two-byte copy can tell. */
const NEAR_LENGTH: u32 = 8
const NEAR_DISTANCE: u32 = 2048
const MIDDLE_LENGTH: u32 = 33
const MIDDLE_DISTANCE: u32 = 16384
const FAR_LENGTH: u32 = 9

// What one chunk leaves to the next:
/** where the next output byte goes, */
let out: usize = 0
/** and the byte that tells, in its low two bits, how many literals follow the last instruction: filled in when they are known. */
let place: usize = 0

/** Returns the length of the stream at `dst`. */
export function encode(src: usize, length: u32, dst: usize, table: usize, rle: bool): i32 {
  if (rle) store<u16>(dst, 0x0111)
  const mark = rle ? dst + 2 : dst
  out = mark
  place = dst
  const limit: u32 = rle ? CHUNK_BYTES - 1 : CHUNK_BYTES
  let base = src
  let rest = length
  let carry: u32 = 0
  while (rest > <u32>GUARD) {
    const chunk = min(rest, limit)
    zero(table, TABLE_BYTES)
    carry = rle ? encodeChunkRle(base, chunk, carry, table) : encodeChunkPlain(base, chunk, carry, table)
    base += chunk
    rest -= chunk
  }
  return <i32>(finish(base + rest, carry + rest, mark) - dst)
}

// Two functions, compiled apart: the test for zeros is in the innermost loop.
function encodeChunkPlain(base: usize, length: u32, carry: u32, table: usize): u32 {
  return Search.chunk(base, length, carry, table, false)
}

function encodeChunkRle(base: usize, length: u32, carry: u32, table: usize): u32 {
  return Search.chunk(base, length, carry, table, true)
}

class Search {
  /** Searches one chunk, after `carry` literals that are still to be written. Returns how many are at its end. */
  @inline static chunk(base: usize, length: u32, carry: u32, table: usize, rle: bool): u32 {
    const end = base + length
    const limit = end - GUARD
    let op = out
    let patch = place
    let anchor = base
    let literals = base - carry
    let p = base + (carry < 4 ? 4 - carry : 0) + 1
    while (p < limit) {
      const word = load<u32>(p)
      if (rle && word == 0) {
        op = Put.literals(op, literals, <u32>(p - literals), patch)
        const run = Search.zeros(p, limit)
        op = Put.zeroRun(op, run)
        patch = op - 3
        p += run
        anchor = literals = p
        continue
      }
      const entry = table + (((word * 0x1824429d) >>> 19) << 1)
      // An entry never written is a candidate as good as any: the first byte of the chunk.
      const candidate = base + <usize>load<u16>(entry)
      store<u16>(entry, <u16>(p - base))
      if (load<u32>(candidate) != word) {
        p += 1 + ((p - anchor) >>> 5)
        continue
      }
      op = Put.literals(op, literals, <u32>(p - literals), patch)
      const distance = <u32>(p - candidate)
      let n = Search.match(p, candidate, limit)
      if (rle) n = Search.unambiguous(n, distance)
      op = Put.copy(op, n, distance)
      patch = op - 2
      p += n
      anchor = literals = p
    }
    out = op
    place = patch
    return <u32>(end - literals)
  }

  /** Zeros from `p` on, where four are known. Those at `limit` and after do not count, but for the four. */
  @inline static zeros(p: usize, limit: usize): u32 {
    const end = min(limit, p + MAX_ZERO_RUN)
    let q = p + MIN_ZERO_RUN
    while (q + 8 <= end) {
      const word = load<u64>(q)
      if (word != 0) return <u32>(q - p) + <u32>(ctz(word) >>> 3)
      q += 8
    }
    while (q < end && load<u8>(q) == 0) q++
    return <u32>(q - p)
  }

  /** Four bytes are known to be equal. The limit is looked at after the next eight, and then after each eight more. */
  @inline static match(p: usize, candidate: usize, limit: usize): u32 {
    let n: usize = 4
    do {
      const differ = load<u64>(p + n) ^ load<u64>(candidate + n)
      if (differ != 0) return <u32>n + <u32>(ctz(differ) >>> 3)
      n += 8
    } while (p + n < limit)
    return <u32>n
  }

  /** Shortens a match whose instruction could be taken for a run of zeros. */
  @inline static unambiguous(n: u32, distance: u32): u32 {
    if (distance <= MIDDLE_DISTANCE || ((distance - MIDDLE_DISTANCE) & 0x403f) != 0x403f) return n
    return n - 261 <= 3 ? 260 : n
  }
}

class Put {
  /** Literals before an instruction. `patch` is the byte of the instruction before that tells of up to three. */
  @inline static literals(op: usize, literals: usize, count: u32, patch: usize): usize {
    if (count < 4) {
      if (count == 0) return op
      store<u8>(patch, load<u8>(patch) | <u8>count)
      store<u32>(op, load<u32>(literals))
      return op + count
    }
    if (count <= 18) {
      store<u8>(op++, <u8>(count - 3))
      v128.store(op, v128.load(literals))
      store<u16>(op + 16, load<u16>(literals + 16))
      return op + count
    }
    return putLongRun(op, literals, count)
  }

  /** A length beyond what an instruction has bits for: 255 for each zero byte, then the rest, never zero. */
  @inline static extension(op: usize, rest: u32): usize {
    while (rest > 255) {
      store<u8>(op++, 0)
      rest -= 255
    }
    store<u8>(op++, <u8>rest)
    return op
  }

  @inline static zeroRun(op: usize, run: u32): usize {
    const extra = run - MIN_ZERO_RUN
    store<u32>(op, 0x18 | (extra & 7) | 0xfffc00 | ((extra >>> 3) << 24))
    return op + 4
  }

  /** A copy that no literals follow yet. */
  @inline static copy(op: usize, n: u32, distance: u32): usize {
    if (n <= NEAR_LENGTH && distance <= NEAR_DISTANCE) {
      const d = distance - 1
      store<u16>(op, <u16>(((n - 1) << 5) | ((d & 7) << 2) | ((d >>> 3) << 8)))
      return op + 2
    }
    let d: u32
    if (distance <= MIDDLE_DISTANCE) {
      d = distance - 1
      op = Put.length(op, 0x20, n, MIDDLE_LENGTH)
    } else {
      d = distance - MIDDLE_DISTANCE
      op = Put.length(op, 0x10 | ((d >>> 11) & 8), n, FAR_LENGTH)
    }
    store<u16>(op, <u16>(d << 2))
    return op + 2
  }

  /** First byte of a copy, and what of the length does not fit into it. */
  @inline static length(op: usize, code: u32, n: u32, longest: u32): usize {
    store<u8>(op++, <u8>(n <= longest ? code + n - 2 : code))
    return n <= longest ? op : Put.extension(op, n - longest)
  }
}

function putLongRun(op: usize, literals: usize, count: u32): usize {
  store<u8>(op++, 0)
  op = Put.extension(op, count - 18)
  const end = op + count
  do {
    v128.store(op, v128.load(literals))
    op += 16
    literals += 16
  } while (op < end)
  return end
}

/** Writes the last literals, which end at `end`, and the end mark. Returns where the stream ends. */
function finish(end: usize, count: u32, mark: usize): usize {
  let op = out
  const literals = end - count
  if (count > 0) {
    if (op == mark && count <= 238) store<u8>(op++, <u8>(count + 17))
    else if (count < 4) store<u8>(place, load<u8>(place) | <u8>count)
    else if (count <= 18) store<u8>(op++, <u8>(count - 3))
    else {
      store<u8>(op++, 0)
      op = Put.extension(op, count - 18)
    }
    memory.copy(op, literals, count)
    op += count
  }
  store<u16>(op, 0x0011)
  store<u8>(op + 2, 0)
  return op + 3
}
