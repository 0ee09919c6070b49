/** Backends that are not what they say. */
import { reference } from '../reference.js'
import type { Mutant } from './types.js'
import { remake, withCaps } from './wrap.js'

const levels = { min: 9, max: 1, default: 3 }

/**
 * What `module-of-other-format` names.
 *
 * @public found by its name
 */
export function otherFormat(): ReturnType<typeof reference> {
  return remake(reference(), { format: 'other' })
}

export const contractMutants: readonly Mutant[] = [
  {
    name: 'no-format',
    mistake: 'forgets a member that is rarely looked at',
    caughtBy: 'contract/shape',
    make() {
      const { format: _, ...rest } = reference()
      return Object.freeze(rest) as ReturnType<typeof reference>
    },
  },
  {
    name: 'next-abi',
    mistake: 'was made for another version of the contract',
    caughtBy: 'contract/abi',
    make: () => remake(reference(), { abi: 2 as 1 }),
  },
  {
    name: 'capital-name',
    mistake: 'is named as its library is',
    caughtBy: 'contract/name',
    make: () => remake(reference(), { name: 'Tiny LZ' }),
  },
  {
    name: 'thawed',
    mistake: 'is an object literal that anybody can change',
    caughtBy: 'contract/frozen',
    make: () => ({ ...reference() }),
  },
  {
    name: 'upside-down-levels',
    mistake: 'writes the range as from best to fastest',
    caughtBy: 'contract/caps-valid',
    make: () => withCaps(reference(), { levels }),
  },
  {
    name: 'caps-with-function',
    mistake: 'computes a capability, which no worker can receive',
    caughtBy: 'contract/caps-cloneable',
    make: () => withCaps(reference(), { describe: () => 'fast' } as object),
  },
  {
    name: 'module-of-other-format',
    mistake: 'names the factory of its neighbour',
    caughtBy: 'contract/module',
    make: () => remake(reference(), { module: { url: import.meta.url, factory: 'otherFormat', options: {} } }),
  },
]
