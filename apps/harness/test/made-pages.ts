import { seededRandom } from '@zcomp/core'
import { randomPage, sameFilledPage, zeroPage } from '../src/pages/made.js'
import { granule, type PageSet, pageSet } from '../src/pages/page-set.js'

/** A page set that is the same everywhere: text of many lengths, zero, same-filled and random pages. */
export function gatherMade(count: number): PageSet {
  const random = seededRandom(3)
  const bytes = new Uint8Array(count * granule)
  for (let i = 0; i < count; i++) bytes.set(pageOf(i, random), i * granule)
  return pageSet(bytes, 'made')
}

function pageOf(i: number, random: () => number): Uint8Array {
  if (i % 8 === 5) return zeroPage()
  if (i % 8 === 6) return sameFilledPage(random)
  if (i % 8 === 7) return randomPage(random)
  const words = Array.from({ length: 1200 }, () => `${Math.floor(random() * 10 ** (1 + (i % 5)))} `)
  return new TextEncoder().encode(words.join('').repeat(3)).subarray(0, granule)
}
