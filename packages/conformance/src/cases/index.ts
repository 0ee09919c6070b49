/** All cases, by theme. */
import type { Case } from '../types.js'
import { boundsCases } from './bounds.js'
import { contractCases } from './contract.js'
import { paramsCases } from './params.js'
import { roundTripCases } from './round-trip.js'

export const allCases: readonly Case[] = [...contractCases, ...paramsCases, ...roundTripCases, ...boundsCases]
