/** A copy of a typed array with more room; the new part is zero. */
export function grown<T extends Uint8Array | Uint16Array | Int32Array | Uint32Array>(array: T, length: number): T {
  const Type = array.constructor as new (length: number) => T
  const larger = new Type(length)
  larger.set(array)
  return larger
}
