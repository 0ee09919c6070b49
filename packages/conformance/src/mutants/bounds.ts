/** Backends that trust what they read, or write where they like. */
import { Status } from '@zcomp/core'
import { reference } from '../reference.js'
import type { Mutant } from './types.js'
import { withCtx, withDecompressed } from './wrap.js'

/** Does something else with what the reference refuses. */
function onCorrupt(answer: (src: Uint8Array, dst: Uint8Array) => number): () => ReturnType<typeof reference> {
  return () => withDecompressed(reference(), (was, src, dst) => (was < 0 ? answer(src, dst) : was))
}

export const boundsMutants: readonly Mutant[] = [
  {
    name: 'wild-copy',
    mistake: 'copies eight bytes at a time, past the end of dst',
    caughtBy: 'bounds/dst-exact',
    make: () =>
      withDecompressed(reference(), (answer, _, dst) => {
        const end = dst.byteOffset + dst.length
        new Uint8Array(dst.buffer, end, Math.min(8, dst.buffer.byteLength - end)).fill(0)
        return answer
      }),
  },
  {
    name: 'clips-to-dst',
    mistake: 'stops when dst is full and calls it done',
    caughtBy: 'bounds/dst-short',
    make: () =>
      withCtx(reference(), ({ decompress }, { pageSize }) => ({
        decompress(src, dst) {
          const page = new Uint8Array(pageSize)
          if (dst.length === pageSize || decompress(src, page) < 0) return decompress(src, dst)
          dst.set(page.subarray(0, dst.length))
          return dst.length
        },
      })),
  },
  {
    name: 'answers-page-size',
    mistake: 'knows that pages have one size, and answers with it',
    caughtBy: 'bounds/dst-long',
    make: onCorrupt((_, dst) => dst.length),
  },
  {
    name: 'empty-is-zero-page',
    mistake: 'takes no bytes for a page of zeros',
    caughtBy: 'bounds/src-empty',
    make: onCorrupt((src, dst) => (src.length === 0 ? dst.fill(0).length : Status.corrupt)),
  },
  {
    name: 'returns-zero',
    mistake: 'answers 0 for failure, as some libraries do',
    caughtBy: 'bounds/src-byte',
    make: onCorrupt(() => 0),
  },
  {
    name: 'pads-truncated',
    mistake: 'fills what is missing with zeros',
    caughtBy: 'bounds/src-truncated',
    make: onCorrupt((_, dst) => dst.length),
  },
  {
    name: 'throws-on-garbage',
    mistake: 'lets the exception of its library pass',
    caughtBy: 'bounds/src-garbage',
    make: onCorrupt(() => {
      throw new Error('unexpected end of data')
    }),
  },
  {
    name: 'writes-before-dst',
    mistake: 'follows a distance that was flipped below the start of dst',
    caughtBy: 'bounds/bit-flips',
    make: onCorrupt((_, dst) => {
      if (dst.byteOffset > 0) new Uint8Array(dst.buffer)[dst.byteOffset - 1]! ^= 0xff
      return Status.corrupt
    }),
  },
  {
    name: 'assumes-zeroed-dst',
    mistake: 'leaves out bytes that are zero, since new memory is',
    caughtBy: 'bounds/no-stale-bytes',
    make: () =>
      withCtx(reference(), ({ decompress }) => ({
        decompress(src, dst) {
          const page = new Uint8Array(dst.length)
          const answer = decompress(src, page)
          for (let i = 0; i < answer; i++) if (page[i] !== 0) dst[i] = page[i]!
          return answer
        },
      })),
  },
  {
    name: 'sticky-failure',
    mistake: 'does not reset its state after an error',
    caughtBy: 'bounds/after-failure',
    make: () =>
      withCtx(reference(), ({ decompress }) => {
        let failed = false
        return {
          decompress(src, dst) {
            const answer = failed ? Status.corrupt : decompress(src, dst)
            failed ||= answer < 0
            return answer
          },
        }
      }),
  },
  {
    name: 'scribbles-on-src',
    mistake: 'decodes in place and leaves its marks',
    caughtBy: 'bounds/src-unchanged',
    make: () =>
      withDecompressed(reference(), (answer, src) => {
        if (src.length > 0) src[0]! ^= 0x80
        return answer
      }),
  },
  {
    name: 'answers-nan',
    mistake: 'computes with the undefined that a failure left',
    caughtBy: 'answers/numbers',
    make: onCorrupt(() => Number.NaN),
  },
  {
    name: 'returns-errno-of-library',
    mistake: 'passes the small negative codes of its library on',
    caughtBy: 'answers/numbers',
    make: onCorrupt(() => -1),
  },
  {
    name: 'blames-itself',
    mistake: 'has one answer for everything that goes wrong',
    caughtBy: 'answers/corrupt-is-not-fault',
    make: onCorrupt(() => Status.fault),
  },
  {
    name: 'answers-with-promise',
    mistake: 'is an async function where a number is due',
    caughtBy: 'answers/compress',
    make: () =>
      withCtx(reference(), ({ compress }) => ({
        compress: (async (offset: number, length: number) => compress(offset, length)) as unknown as typeof compress,
      })),
  },
]
