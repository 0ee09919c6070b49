import type { Case } from '../types.js'
export const pocCases: readonly Case[] = []
