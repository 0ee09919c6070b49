/** States as bytes: a million of them fit into memory, and copying or comparing one costs next to nothing. */

export interface Layout<N extends string> {
  /** Where each field begins. */
  readonly at: Readonly<Record<N, number>>
  readonly size: number
  make(): Uint8Array
  key(state: Uint8Array): string
  /** Fields by name, for traces. */
  show(state: Uint8Array): string
}

/** Fields with their lengths in bytes, one after the other. */
export function layout<N extends string>(fields: Readonly<Record<N, number>>): Layout<N> {
  const at = {} as Record<N, number>
  let size = 0
  for (const name of Object.keys(fields) as N[]) {
    at[name] = size
    size += fields[name]
  }
  return {
    at,
    size,
    make: () => new Uint8Array(size),
    key: (state) => String.fromCharCode(...state),
    show: (state) =>
      (Object.keys(fields) as N[])
        .map((name) => `${name} ${state.subarray(at[name], at[name] + fields[name]).join(',')}`)
        .join('; '),
  }
}
