/** Whether what a device wrote gives the page back: the only check that catches a wrong result of a plausible length. */

/** Whether the first `length` bytes of two areas are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array, length: number): boolean {
  const whole = (a.byteOffset | b.byteOffset) % 4 === 0 ? length >>> 2 : 0
  const wordsA = new Int32Array(a.buffer, whole ? a.byteOffset : 0, whole)
  const wordsB = new Int32Array(b.buffer, whole ? b.byteOffset : 0, whole)
  for (let i = 0; i < whole; i++) if (wordsA[i] !== wordsB[i]) return false
  for (let i = whole << 2; i < length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Decompresses `compressed` into `page`, answering a length or a `Status`. */
export type Decompress = (compressed: Uint8Array, page: Uint8Array) => number

/** Decompresses what a device wrote and compares it with the first `length` bytes of `src`. Never throws; unsure is wrong. */
export type Verify = (src: Uint8Array, length: number, compressed: Uint8Array) => boolean

export function verifier(pageSize: number, decompress: Decompress): Verify {
  let page: Uint8Array | undefined
  return (src, length, compressed) => {
    try {
      page ??= new Uint8Array(pageSize)
      const dst = length === pageSize ? page : page.subarray(0, length)
      return decompress(compressed, dst) === length && sameBytes(src, dst, length)
    } catch {
      return false
    }
  }
}
