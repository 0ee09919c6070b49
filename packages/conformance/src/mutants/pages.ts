/** Backends that lose something on the way there, or take what is not theirs. */
import { Status } from '@zcomp/core'
import { reference } from '../reference.js'
import type { Mutant } from './types.js'
import { withCompressed, withCtx, withDecompressed } from './wrap.js'

export const pagesMutants: readonly Mutant[] = [
  {
    name: 'one-page-buffer',
    mistake: 'thinks that a result is never longer than its page',
    caughtBy: 'round-trip/sizes',
    make: () => withCtx(reference(), ({ buffer }, { pageSize }) => ({ buffer: buffer.subarray(0, pageSize) })),
  },
  {
    name: 'loses-last-byte',
    mistake: 'answers with the index of the last byte',
    caughtBy: 'round-trip/pages',
    make: () => withCompressed(reference(), (wrote) => wrote - 1),
  },
  {
    name: 'answers-source-length',
    mistake: 'answers decompress with what it has read',
    caughtBy: 'round-trip/pages',
    make: () => withDecompressed(reference(), (answer, src) => (answer > 0 ? src.length : answer)),
  },
  {
    name: 'declines-all',
    mistake: 'has its threshold the wrong way round',
    caughtBy: 'round-trip/compresses',
    make: () => withCompressed(reference(), (wrote, { buffer }) => (wrote < buffer.length ? Status.declined : wrote)),
  },
  {
    name: 'faults-on-noise',
    mistake: 'takes a page that does not shrink for a failure',
    caughtBy: 'round-trip/noise',
    make: () => withCompressed(reference(), (wrote, { buffer }) => (wrote > buffer.length / 2 ? Status.fault : wrote)),
  },
  {
    name: 'unknown-status',
    mistake: 'passes the code of its library on',
    caughtBy: 'round-trip/noise',
    make: () => withCompressed(reference(), (wrote, { buffer }) => (wrote > buffer.length / 2 ? -1 : wrote)),
  },
  {
    name: 'rounds-length-up',
    mistake: 'reads whole words of the input',
    caughtBy: 'round-trip/short-lengths',
    make: () =>
      withCtx(reference(), ({ compress }) => ({ compress: (offset, length) => compress(offset, (length + 7) & ~7) })),
  },
  {
    name: 'ignores-offset',
    mistake: 'compresses the first page of the input, whichever is asked for',
    caughtBy: 'round-trip/offsets',
    make: () => withCtx(reference(), ({ compress }) => ({ compress: (_, length) => compress(0, length) })),
  },
  {
    name: 'length-one-long',
    mistake: 'answers with one byte more than it wrote',
    caughtBy: 'round-trip/length-exact',
    make: () => withCompressed(reference(), (wrote) => wrote + 1),
  },
  {
    name: 'writes-input',
    mistake: 'puts a sentinel at the end of the page while it looks for matches',
    caughtBy: 'round-trip/input-unchanged',
    make: () =>
      withCtx(reference(), ({ input, compress }) => ({
        compress(offset, length) {
          const wrote = compress(offset, length)
          input[offset + length - 1] = 0xee
          return wrote
        },
      })),
  },
  {
    name: 'decodes-through-buffer',
    mistake: 'decompresses into its own buffer first',
    caughtBy: 'round-trip/result-kept',
    make: () => withCtx(reference(), ({ buffer, decompress }) => ({ decompress: through(buffer, decompress) })),
  },
  {
    name: 'decodes-through-input',
    mistake: 'takes its input for scratch memory',
    caughtBy: 'aliasing/buffer-to-input',
    make: () => withCtx(reference(), ({ input, decompress }) => ({ decompress: through(input, decompress) })),
  },
  {
    name: 'stages-src-in-buffer',
    mistake: 'copies the source into its own buffer, where dst may lie',
    caughtBy: 'aliasing/input-to-buffer',
    make: () =>
      withCtx(reference(), ({ buffer, decompress }) => ({
        decompress(src, dst) {
          if (src.length > buffer.length) return Status.corrupt
          buffer.set(src)
          return decompress(buffer.subarray(0, src.length), dst)
        },
      })),
  },
  {
    name: 'takes-all-of-the-memory',
    mistake: 'makes a view of src.buffer and forgets the length',
    caughtBy: 'aliasing/one-memory',
    make: () =>
      withCtx(reference(), ({ decompress }) => ({
        decompress: (src, dst) => decompress(new Uint8Array(src.buffer, src.byteOffset), dst),
      })),
  },
  {
    name: 'wants-alignment',
    mistake: 'writes words through a view that wants them aligned',
    caughtBy: 'aliasing/unaligned',
    make: () =>
      withDecompressed(reference(), (answer, _, dst) => {
        new Uint32Array(dst.buffer, dst.byteOffset, 0)
        return answer
      }),
  },
  {
    name: 'refuses-shared-memory',
    mistake: 'hands the source to something that takes no shared memory',
    caughtBy: 'aliasing/shared-memory',
    make: () =>
      withDecompressed(reference(), (answer, src) => {
        if (!(src.buffer instanceof ArrayBuffer)) throw new TypeError('shared memory is not supported')
        return answer
      }),
  },
]

type Decompress = (src: Uint8Array, dst: Uint8Array) => number

function through(scratch: Uint8Array, decompress: Decompress): Decompress {
  return (src, dst) => {
    const own = src.slice()
    const answer = decompress(own, scratch.subarray(0, dst.length))
    if (answer > 0) dst.set(scratch.subarray(0, answer))
    return answer
  }
}
