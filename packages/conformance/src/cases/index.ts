/** All cases, by theme. */
import { faultCases } from '../managed/index.js'
import type { Case } from '../types.js'
import { aliasingCases } from './aliasing.js'
import { answersCases } from './answers.js'
import { boundsCases } from './bounds.js'
import { contractCases } from './contract.js'
import { dictCases } from './dict.js'
import { fuzzCases } from './fuzz.js'
import { independenceCases } from './independence.js'
import { interopCases } from './interop.js'
import { lifetimeCases } from './lifetime.js'
import { managedCases } from './managed.js'
import { paramsCases } from './params.js'
import { roundTripCases } from './round-trip.js'

export const allCases: readonly Case[] = [
  ...contractCases,
  ...paramsCases,
  ...roundTripCases,
  ...boundsCases,
  ...aliasingCases,
  ...answersCases,
  ...independenceCases,
  ...dictCases,
  ...lifetimeCases,
  ...interopCases,
  ...fuzzCases,
  ...managedCases,
  ...faultCases,
]
