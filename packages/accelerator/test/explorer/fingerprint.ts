/** Everything that an object graph holds, as text: equal for two graphs in which the same can happen. */

export interface FingerprintOptions {
  /** Fields that decide nothing: counters, words for humans, what is compared elsewhere. */
  readonly skip: ReadonlySet<string>
}

export function fingerprint(root: unknown, { skip }: FingerprintOptions): string {
  const numbers = new Map<object, number>()
  const parts: (string | number)[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) {
      if (typeof value !== 'function') parts.push(String(value))
      return
    }
    const known = numbers.get(value)
    if (known !== undefined) {
      parts.push(`&${known}`)
      return
    }
    numbers.set(value, numbers.size)
    if (ArrayBuffer.isView(value)) parts.push((value as Uint8Array).join(','))
    else if (value instanceof Map || value instanceof Set) {
      parts.push('{')
      for (const item of value) visit(item)
      parts.push('}')
    } else if (!(value instanceof ArrayBuffer)) {
      parts.push('(')
      for (const name in value) if (!skip.has(name)) visit((value as Record<string, unknown>)[name])
      parts.push(')')
    }
  }
  visit(root)
  return parts.join(' ')
}
