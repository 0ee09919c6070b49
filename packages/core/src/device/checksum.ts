/** A 32-bit sum of stored bytes, to notice memory that changed under us. Not for adversaries. */
const prime = 0x01000193

export function checksum(bytes: Uint8Array): number {
  const whole = bytes.length >>> 2
  let sum = 0x811c9dc5 ^ bytes.length
  if ((bytes.byteOffset & 3) === 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, whole)
    for (let i = 0; i < whole; i++) sum = Math.imul(sum ^ (words[i] as number), prime)
  } else {
    for (let i = 0; i < whole; i++) {
      const at = i << 2
      const word =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24)
      sum = Math.imul(sum ^ word, prime)
    }
  }
  for (let i = whole << 2; i < bytes.length; i++) sum = Math.imul(sum ^ (bytes[i] as number), prime)
  // Multiplication only carries upwards: fold the high bits back.
  return (sum ^ (sum >>> 15)) >>> 0
}
