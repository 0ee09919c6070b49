/** Figures about whole processes. */
import type { Check } from './check.js'
import { fill } from './fill.js'
import { terabyte } from './terabyte.js'

export const checks: Readonly<Record<string, Check>> = { fill, terabyte }
