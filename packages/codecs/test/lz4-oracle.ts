import type { Oracle } from './support/subject.js'

/** The LZ4 block format, byte by byte. `dict` counts as output that came before. */
export function lz4Oracle(dict: Uint8Array = new Uint8Array(0)): Oracle {
  return (src, capacity) => {
    const out = new Uint8Array(dict.length + capacity)
    out.set(dict)
    let op = dict.length
    let ip = 0
    const extended = (nibble: number): number => {
      let sum = nibble
      for (let byte = nibble === 15 ? 255 : 0; byte === 255; sum += byte) byte = src[ip++] ?? Number.NaN
      return sum
    }
    while (ip < src.length) {
      const token = src[ip++]!
      const literals = extended(token >> 4)
      if (!(literals <= src.length - ip)) return 'corrupt'
      if (literals > out.length - op) return 'noSpace'
      for (let k = 0; k < literals; k++) out[op++] = src[ip++]!
      if (ip === src.length) return out.subarray(dict.length, op)
      if (src.length - ip < 2) return 'corrupt'
      const offset = src[ip]! | (src[ip + 1]! << 8)
      ip += 2
      if (offset === 0 || offset > op) return 'corrupt'
      const length = 4 + extended(token & 15)
      if (Number.isNaN(length)) return 'corrupt'
      if (length > out.length - op) return 'noSpace'
      for (let k = 0; k < length; k++, op++) out[op] = out[op - offset]!
    }
    return 'corrupt'
  }
}
