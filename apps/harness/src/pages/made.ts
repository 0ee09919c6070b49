/** Pages that no program needs to be watched for: they follow from the seed. */
import { granule } from './page-set.js'

export function zeroPage(): Uint8Array {
  return new Uint8Array(granule)
}

/** One 8-byte word, not zero, all over the page. */
export function sameFilledPage(random: () => number): Uint8Array {
  const page = new Uint32Array(granule / 4)
  const low = Math.floor(random() * 2 ** 32)
  const high = Math.floor(random() * 2 ** 32) | 1
  for (let i = 0; i < page.length; i += 2) {
    page[i] = low
    page[i + 1] = high
  }
  return new Uint8Array(page.buffer)
}

/** Bytes that nothing compresses. */
export function randomPage(random: () => number): Uint8Array {
  const page = new Uint32Array(granule / 4)
  for (let i = 0; i < page.length; i++) page[i] = Math.floor(random() * 2 ** 32)
  return new Uint8Array(page.buffer)
}
