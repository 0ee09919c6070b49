/** Pages of files: what a page cache would hold. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { granule, isSameFilled } from './page-set.js'

const left = new Set(['.git', '.cache', '.turbo', 'node_modules', 'coverage'])

/** Pages of the regular files below `folder`, in a fixed order, up to `limit`; pages filled with one word are left out. */
export function pagesOfFolder(folder: string, limit: number): Uint8Array[] {
  const pages: Uint8Array[] = []
  for (const file of filesBelow(folder)) {
    if (pages.length >= limit) break
    pages.push(...pagesOfFile(file, limit - pages.length))
  }
  return pages
}

/** Up to `limit` pages of one file, spread evenly over it; the last is filled up with zeroes, as a page cache does. */
export function pagesOfFile(file: string, limit: number): Uint8Array[] {
  const all = Math.ceil(statSync(file).size / granule)
  const count = Math.min(all, limit)
  const fd = openSync(file, 'r')
  try {
    const pages: Uint8Array[] = []
    for (let i = 0; i < count; i++) {
      const page = new Uint8Array(granule)
      const at = Math.floor((i * all) / count) * granule
      if (readSync(fd, page, 0, granule, at) > 0 && !isSameFilled(page)) pages.push(page)
    }
    return pages
  } finally {
    closeSync(fd)
  }
}

function* filesBelow(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !left.has(entry.name)) yield* filesBelow(path)
    else if (entry.isFile()) yield path
  }
}
