/** Broken backends, each made for the case that catches it. A kit that passes one of them proves nothing. */
import { boundsMutants } from './bounds.js'
import { contractMutants } from './contract.js'
import { dictMutants } from './dict.js'
import { formatMutants } from './format.js'
import { managedMutants } from './managed.js'
import { pagesMutants } from './pages.js'
import { paramsMutants } from './params.js'
import { stateMutants } from './state.js'
import type { Mutant } from './types.js'

export { type ReferenceOptions, reference } from '../reference.js'
export { curedPoc, type FaultyRig, faultyRigs } from './rigs.js'
export type { Mutant } from './types.js'

export const mutants: readonly Mutant[] = [
  ...contractMutants,
  ...paramsMutants,
  ...pagesMutants,
  ...boundsMutants,
  ...stateMutants,
  ...dictMutants,
  ...formatMutants,
  ...managedMutants,
]
