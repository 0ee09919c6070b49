/** Backends that are careless with dictionaries. */
import type { ZcompOps, ZcompParams } from '@zcomp/core'
import { reference, tinyCtx, tinyOptions } from '../reference.js'
import { tinyDecode } from '../tiny-lz.js'
import type { Mutant } from './types.js'
import { remake, withParams, withTiny } from './wrap.js'

const none = new Uint8Array(0)

/** Built past `defineBackend`, so that the dictionary is the caller's own. */
function byHand(prepare: (params: ZcompParams) => void = () => {}): ZcompOps {
  const ops = reference()
  return remake(ops, {
    async setupParams(params) {
      const setup = await ops.setupParams(params)
      if ('refused' in setup) return setup
      prepare(params)
      return { ...setup, createCtx: () => tinyCtx(params.pageSize, tinyOptions(params)) }
    },
  })
}

export const dictMutants: readonly Mutant[] = [
  {
    name: 'decodes-without-dict',
    mistake: 'gives the dictionary to the encoder alone',
    caughtBy: 'dict/round-trip',
    make: () =>
      withTiny(reference(), ({ pageSize }, options) => () => ({
        ...tinyCtx(pageSize, options),
        decompress: (src, dst) => tinyDecode(src, dst, none),
      })),
  },
  {
    name: 'ignores-dict',
    mistake: 'checks the dictionary and never passes it on',
    caughtBy: 'dict/matters',
    make: () =>
      withTiny(
        reference(),
        ({ pageSize }, options) =>
          () =>
            tinyCtx(pageSize, { ...options, dict: none }),
      ),
  },
  {
    name: 'cuts-long-dict',
    mistake: 'takes what it can of a dictionary that is too long',
    caughtBy: 'dict/too-long',
    make: () =>
      withParams(reference(), (params) => (params.dict ? { ...params, dict: params.dict.subarray(-8192) } : params)),
  },
  {
    name: 'throws-on-wrong-dict',
    mistake: 'takes a distance beyond its dictionary for a mistake in the program',
    caughtBy: 'dict/wrong',
    make: () =>
      withTiny(reference(), ({ pageSize }, options) => () => ({
        ...tinyCtx(pageSize, options),
        decompress(src, dst) {
          const answer = tinyDecode(src, dst, options.dict)
          if (answer < 0) throw new RangeError('distance beyond the dictionary')
          return answer
        },
      })),
  },
  {
    name: 'borrows-dict',
    mistake: "keeps the caller's dictionary instead of a copy",
    caughtBy: 'dict/copied',
    make: () => byHand(),
  },
  {
    name: 'writes-dict',
    mistake: "marks the end of the dictionary in the caller's memory",
    caughtBy: 'dict/unchanged',
    make: () => byHand(({ dict }) => dict?.fill(0, -1)),
  },
]
