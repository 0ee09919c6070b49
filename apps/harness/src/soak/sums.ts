/** Sums of counters that have the same form. */
import type { ManagedCounts } from '@zcomp/core'

type Numbers = { [name: string]: number | Numbers }

/** Field by field; those that are not there count nothing. */
export function addUp(all: readonly (ManagedCounts | undefined)[]): ManagedCounts {
  const given = all.filter((one) => one !== undefined) as unknown as Numbers[]
  return sum(given) as unknown as ManagedCounts
}

function sum(all: readonly Numbers[]): Numbers {
  const total: Numbers = {}
  for (const one of all) {
    for (const [name, value] of Object.entries(one)) {
      const before = total[name]
      if (typeof value === 'number') total[name] = (typeof before === 'number' ? before : 0) + value
      else total[name] = sum(typeof before === 'object' ? [before, value] : [value])
    }
  }
  return total
}
