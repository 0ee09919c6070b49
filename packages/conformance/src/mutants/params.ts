/** Backends that take parameters lightly. */
import { type Range, type Refused, refusal, type ZcompOps, type ZcompParams } from '@zcomp/core'
import { reference } from '../reference.js'
import type { Mutant } from './types.js'
import { remake, withCaps, withParams } from './wrap.js'

type Knob = 'level' | 'winbits'

const rangeOf = ({ caps }: ZcompOps, knob: Knob): Range => (knob === 'level' ? caps.levels : caps.winbits) as Range

const clamp = (value: number | undefined, { min, max }: Range): number =>
  Math.round(Math.min(Math.max(value || min, min), max))

function without(params: ZcompParams, name: 'level' | 'winbits' | 'dict'): ZcompParams {
  const { [name]: _, ...rest } = params
  return rest
}

/** Changes parameters that `caps` allow; the others are refused as ever. */
function withAllowed(ops: ZcompOps, change: (params: ZcompParams) => ZcompParams): ZcompOps {
  return withParams(ops, (params) => (refusal(ops.caps, params) ? params : change(params)))
}

/** The reference, its refusals changed. */
function withRefusal(change: (answer: Refused) => Refused): ZcompOps {
  const ops = reference()
  return remake(ops, {
    async setupParams(params) {
      const answer = await ops.setupParams(params)
      return 'refused' in answer ? change(answer) : answer
    },
  })
}

function knobMutants(knob: Knob, plural: string, otherDefault: number): Mutant[] {
  return [
    {
      name: `refuses-largest-${knob}`,
      mistake: `takes the largest ${knob} for the first that is not allowed`,
      caughtBy: `params/${plural}-accepted`,
      make() {
        const ops = reference()
        const setupParams: ZcompOps['setupParams'] = async (params) =>
          params[knob] === rangeOf(ops, knob).max ? { refused: knob, why: 'is too large' } : ops.setupParams(params)
        return remake(ops, { setupParams })
      },
    },
    {
      name: `clamps-${knob}`,
      mistake: `takes the nearest ${knob} for one that it does not have`,
      caughtBy: `params/${plural}-refused`,
      make() {
        const ops = reference()
        return withParams(ops, (params) =>
          params[knob] === undefined ? params : { ...params, [knob]: clamp(params[knob], rangeOf(ops, knob)) },
        )
      },
    },
    {
      name: `other-default-${knob}`,
      mistake: `leaves an absent ${knob} to its library, which has a default of its own`,
      caughtBy: `params/${knob}-default`,
      make: () => withAllowed(reference(), (params) => ({ [knob]: otherDefault, ...params })),
    },
    {
      name: `ignores-unclaimed-${knob}`,
      mistake: `has no ${knob}, and so does not look at it`,
      caughtBy: `params/${knob}-not-claimed`,
      make: () => withParams(reference({ bare: true }), (params) => without(params, knob)),
    },
  ]
}

export const paramsMutants: readonly Mutant[] = [
  {
    name: 'page-size-lie',
    mistake: 'claims pages that its format cannot reach across, and refuses them',
    caughtBy: 'params/page-sizes-accepted',
    make: () => withCaps(reference(), { pageSizes: { min: 512, max: 131072 } }),
  },
  {
    name: 'any-page-size',
    mistake: 'rounds the page size instead of refusing it',
    caughtBy: 'params/page-sizes-refused',
    make: () => withParams(reference(), (params) => ({ ...params, pageSize: nearestSize(params.pageSize) })),
  },
  ...knobMutants('level', 'levels', 9),
  ...knobMutants('winbits', 'winbits', 8),
  {
    name: 'ignores-level',
    mistake: 'checks the level and never passes it on',
    caughtBy: 'params/level-matters',
    make: () => withAllowed(reference(), (params) => without(params, 'level')),
  },
  {
    name: 'ignores-winbits',
    mistake: 'checks the window and never passes it on',
    caughtBy: 'params/winbits-matter',
    make: () => withAllowed(reference(), (params) => without(params, 'winbits')),
  },
  {
    name: 'ignores-unclaimed-dict',
    mistake: 'has no dictionaries, and so does not look at one',
    caughtBy: 'params/dict-not-claimed',
    make: () => withParams(reference({ bare: true }), (params) => without(params, 'dict')),
  },
  {
    name: 'rejects-instead',
    mistake: 'throws where it should refuse',
    caughtBy: 'params/refusal',
    make: () =>
      withRefusal(({ refused, why }) => {
        throw new RangeError(`${refused} ${why}`)
      }),
  },
  {
    name: 'blames-other-parameter',
    mistake: 'copies a refusal and forgets to change the name in it',
    caughtBy: 'params/refusal',
    make: () => withRefusal((answer) => ({ ...answer, refused: 'level' })),
  },
]

function nearestSize(size: number): number {
  const nearest = 2 ** Math.round(Math.log2(size))
  return nearest >= 512 ? Math.min(nearest, 65536) : 512
}
