/** Backends that keep what they should forget, share what they should not, or free what is not theirs. */
import { Status, type ZcompCtx, ZcompError, type ZcompOps } from '@zcomp/core'
import { reference, tinyCtx } from '../reference.js'
import type { TinyOptions } from '../tiny-lz.js'
import type { Mutant } from './types.js'
import { looseCtx, remake, withCtx, withSetup, withTiny } from './wrap.js'

/** A context that works until `freed` says that what it shares is gone. */
function usesShared({ compress, decompress }: ZcompCtx, freed: () => boolean): Partial<ZcompCtx> {
  return {
    compress: (offset, length) => (freed() ? Status.fault : compress(offset, length)),
    decompress: (src, dst) => (freed() ? Status.fault : decompress(src, dst)),
  }
}

function sharesUntil(event: 'dispose' | 'failure'): ZcompOps {
  return withSetup(reference(), (setup) => {
    let freed = false
    return {
      ...setup,
      createCtx() {
        const ctx = setup.createCtx()
        const shared = usesShared(ctx, () => freed)
        const decompress = (src: Uint8Array, dst: Uint8Array): number => {
          const answer = shared.decompress!(src, dst)
          freed ||= event === 'failure' && answer < 0
          return answer
        }
        const dispose = (): void => {
          freed ||= event === 'dispose'
        }
        return { ...ctx, ...shared, decompress, [Symbol.dispose]: dispose }
      },
    }
  })
}

function outOfMemory(): never {
  throw new ZcompError('ENOMEM', 'no memory is left')
}

export const stateMutants: readonly Mutant[] = [
  {
    name: 'salts-output',
    mistake: 'lets a counter decide how hard it tries',
    caughtBy: 'independence/deterministic',
    make() {
      let pages = 0
      return withTiny(reference(), ({ pageSize }, options) => () => {
        return looseCtx(pageSize, () => ({ ...options, level: pages++ % 2 ? 1 : 9 }))
      })
    },
  },
  {
    name: 'remembers-last-page',
    mistake: 'does not clear its window between pages',
    caughtBy: 'independence/pages',
    make: () =>
      withTiny(reference(), ({ pageSize }, options) => () => {
        let last = options.dict
        const ctx = looseCtx(pageSize, () => ({ ...options, dict: last }))
        const compress = (offset: number, length: number): number => {
          const wrote = ctx.compress(offset, length)
          last = ctx.input.slice(offset, offset + length)
          return wrote
        }
        return { ...ctx, compress, decompress: tinyCtx(pageSize, options).decompress }
      }),
  },
  {
    name: 'shares-buffer',
    mistake: 'keeps one buffer for all contexts of a setup',
    caughtBy: 'independence/contexts',
    make: () =>
      withTiny(reference(), ({ pageSize }, options) => {
        const { buffer } = tinyCtx(pageSize, options)
        return () => {
          const ctx = tinyCtx(pageSize, options)
          const compress = (offset: number, length: number): number => {
            const wrote = ctx.compress(offset, length)
            buffer.set(ctx.buffer)
            return wrote
          }
          return { ...ctx, buffer, compress }
        }
      }),
  },
  {
    name: 'moves-buffer',
    mistake: 'lives in a memory that grows, which detaches every view of it',
    caughtBy: 'independence/views-stay',
    make: () =>
      withSetup(reference(), (setup) => {
        const grown: (() => void)[] = []
        return {
          ...setup,
          createCtx() {
            for (const grow of grown) grow()
            const ctx = setup.createCtx()
            let buffer = new Uint8Array(ctx.buffer.length)
            grown.push(() => {
              buffer = structuredClone(buffer, { transfer: [buffer.buffer] })
            })
            const compress = (offset: number, length: number): number => {
              const wrote = ctx.compress(offset, length)
              buffer.set(ctx.buffer)
              return wrote
            }
            return Object.defineProperty({ ...ctx, compress }, 'buffer', { get: () => buffer })
          },
        }
      }),
  },
  {
    name: 'last-setup-wins',
    mistake: 'keeps parameters in a variable of the module',
    caughtBy: 'independence/setups',
    make() {
      let current: TinyOptions
      return withTiny(reference(), ({ pageSize }, options) => {
        current = options
        return () => looseCtx(pageSize, () => current)
      })
    },
  },
  {
    name: 'last-page-size-wins',
    mistake: 'keeps the page size in a variable of the module',
    caughtBy: 'independence/page-sizes',
    make() {
      let current = 0
      return withTiny(reference(), ({ pageSize }, options) => {
        current = pageSize
        return () => {
          const ctx = tinyCtx(pageSize, options)
          return { ...ctx, compress: (offset, length) => ctx.compress(offset, Math.min(length, current)) }
        }
      })
    },
  },
  {
    name: 'context-frees-shared',
    mistake: 'frees with a context what belongs to its setup',
    caughtBy: 'lifetime/context-ends',
    make: () => sharesUntil('dispose'),
  },
  {
    name: 'failure-frees-shared',
    mistake: 'cleans up after a failure all the way up',
    caughtBy: 'lifetime/context-fails',
    make: () => sharesUntil('failure'),
  },
  {
    name: 'setup-never-ends',
    mistake: 'waits for something that has happened already',
    caughtBy: 'lifetime/setup-ends',
    make: () => withSetup(reference(), (setup) => ({ ...setup, [Symbol.asyncDispose]: () => new Promise(() => {}) })),
    options: () => ({ limitMs: 300 }),
  },
  {
    name: 'setup-ends-all',
    mistake: 'closes the library when the first setup ends, not the last',
    caughtBy: 'lifetime/setup-ends',
    make() {
      let closed = false
      const ops = withCtx(reference(), (ctx) => usesShared(ctx, () => closed))
      return withSetup(ops, (setup) => ({
        ...setup,
        async [Symbol.asyncDispose]() {
          closed = true
        },
      }))
    },
  },
  {
    name: 'ends-only-after-use',
    mistake: 'frees what the first context would have made',
    caughtBy: 'lifetime/unused',
    make: () =>
      withSetup(reference(), (setup) => {
        let table: Uint8Array | undefined
        return {
          ...setup,
          createCtx() {
            table = new Uint8Array(1)
            return setup.createCtx()
          },
          async [Symbol.asyncDispose]() {
            if (!table) throw new TypeError('table is undefined')
          },
        }
      }),
  },
  {
    name: 'leaks-setups',
    mistake: 'never gives back what a setup took',
    caughtBy: 'lifetime/many-setups',
    make() {
      let left = 40
      const ops = reference()
      return remake(ops, { setupParams: async (params) => (left-- > 0 ? ops.setupParams(params) : outOfMemory()) })
    },
  },
  {
    name: 'two-contexts-at-most',
    mistake: 'has memory for one context and a spare one',
    caughtBy: 'lifetime/many-contexts',
    make: () => limited(2, 'live'),
  },
  {
    name: 'leaks-contexts',
    mistake: 'never gives back what a context took',
    caughtBy: 'lifetime/many-contexts',
    make: () => limited(64, 'ever'),
  },
]

function limited(most: number, which: 'live' | 'ever'): ZcompOps {
  return withSetup(reference(), (setup) => {
    let count = 0
    return {
      ...setup,
      createCtx() {
        if (count++ >= most) outOfMemory()
        const dispose = (): void => {
          if (which === 'live') count--
        }
        return { ...setup.createCtx(), [Symbol.dispose]: dispose }
      },
    }
  })
}
