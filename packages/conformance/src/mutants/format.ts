/** Backends whose bytes are not what their format says, or are wrong only now and then. */
import type { ZcompOps } from '@zcomp/core'
import { makeGolden } from '../golden.js'
import { reference } from '../reference.js'
import type { Mutant } from './types.js'
import { withCompressed, withCtx, withDecompressed } from './wrap.js'

/** Reads and writes its own pages, and nobody else's. */
function otherBytes(): ZcompOps {
  return withCtx(reference(), ({ buffer, compress, decompress }) => ({
    compress(offset, length) {
      const wrote = compress(offset, length)
      for (let i = 0; i < wrote; i++) buffer[i]! ^= 0x80
      return wrote
    },
    decompress: (src, dst) =>
      decompress(
        src.map((byte) => byte ^ 0x80),
        dst,
      ),
  }))
}

/** The matches of a compressed page, as far as it can be read. */
function* matches(src: Uint8Array): Generator<{ length: number; distance: number }> {
  for (let i = 0; i < src.length; ) {
    const op = src[i]!
    if (op < 128) i += op + 2
    else {
      yield { length: op - 125, distance: ((src[i + 1] ?? 0) | ((src[i + 2] ?? 0) << 8)) + 1 }
      i += 3
    }
  }
}

export const formatMutants: readonly Mutant[] = [
  {
    name: 'other-bytes-same-format',
    mistake: 'improves the format and keeps its name',
    caughtBy: 'interop/peers',
    make: otherBytes,
    options: () => ({ peers: [reference()] }),
  },
  {
    name: 'new-bytes-old-format',
    mistake: 'improves the format and forgets what is stored already',
    caughtBy: 'interop/golden',
    make: otherBytes,
    options: async () => ({ golden: [await makeGolden(reference(), { pageSize: 4096 })] }),
  },
  {
    name: 'breaks-longest-match',
    mistake: 'is off by one where a length just fits its field, and the distance is long',
    caughtBy: 'fuzz/round-trip',
    make: () =>
      withCompressed(reference(), (wrote, { buffer }) => {
        const found = matches(buffer.subarray(0, Math.max(0, wrote)))
        for (const { length, distance } of found) if (length === 130 && distance > 1000) return wrote - 1
        return wrote
      }),
  },
  {
    name: 'throws-on-far-distance',
    mistake: 'reads a table beyond its end, for some distances',
    caughtBy: 'fuzz/decompress',
    make: () =>
      withDecompressed(reference(), (answer, src) => {
        for (const { distance } of matches(src)) if (distance > 65000) throw new RangeError('index out of bounds')
        return answer
      }),
  },
]
