/** Which pages a run uses. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gather } from './gather.js'
import { granule, type PageSet, pageCount, pageSet } from './page-set.js'

export interface PageChoice {
  /** The checkout. */
  readonly root: string
  /** A file, `'live'` to gather anew, or undefined for what was gathered last. */
  readonly pages: string | undefined
  /** How many pages to gather. */
  readonly count: number
  readonly seed: number
}

/** Gathered pages stay in `.cache`, so that a seed replays on the very same bytes. */
export async function loadPages({ root, pages, count, seed }: PageChoice): Promise<PageSet> {
  if (pages !== undefined && pages !== 'live') return pageSet(readFileSync(pages), pages)
  const cache = join(root, '.cache', 'harness', `pages-${count}.bin`)
  const kept = pages === 'live' ? undefined : readCache(cache, count)
  if (kept) return kept
  const fresh = await gather(root, count, seed)
  mkdirSync(dirname(cache), { recursive: true })
  writeFileSync(cache, fresh.bytes, { mode: 0o600 })
  writeFileSync(`${cache}.txt`, fresh.from)
  return fresh
}

function readCache(cache: string, count: number): PageSet | undefined {
  try {
    const set = pageSet(readFileSync(cache), readFileSync(`${cache}.txt`, 'utf8'))
    return pageCount(set) * granule >= (count * granule) / 2 ? set : undefined
  } catch {
    return undefined
  }
}
