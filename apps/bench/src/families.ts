import type { Target } from './targets.js'

/** Groups what some ratio relates, be it by others in between. Within a slice a family runs without strangers between its members. */
export function familiesOf<T extends { readonly id: string }>(
  measures: readonly T[],
  targets: readonly Target[],
): T[][] {
  const relatives = new Map<string, string>()
  const headOf = (id: string): string => {
    const relative = relatives.get(id)
    return relative === undefined ? id : headOf(relative)
  }
  for (const { over, under } of targets.filter(({ under }) => under !== 'none')) {
    const [a, b] = [headOf(over), headOf(under)]
    if (a !== b) relatives.set(a, b)
  }
  const families = new Map<string, T[]>()
  for (const measure of measures) {
    const head = headOf(measure.id)
    families.set(head, [...(families.get(head) ?? []), measure])
  }
  return [...families.values()]
}
