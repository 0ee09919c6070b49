/** Pages as a file, for processes that must not hold them in memory. */
import { closeSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadPages } from '@zcomp/harness/pages'
import type { CheckSetting } from './check.js'

export const requestBytes = 128 * 1024

export async function pagesFileFor({ root, pages, count }: CheckSetting): Promise<string> {
  if (pages !== undefined && pages !== 'live') return resolve(pages)
  const folder = join(root, '.cache', 'bench')
  const file = join(folder, 'check-pages.bin')
  mkdirSync(folder, { recursive: true })
  const { bytes } = await loadPages({ root, pages, count, seed: 1 })
  writeFileSync(file, bytes, { mode: 0o600 })
  return file
}

export interface PagesFile extends Disposable {
  /** Whole pages, in bytes. */
  readonly length: number
  /** Fills `into` from `at`, wrapping round at the end. */
  read(at: number, into: Uint8Array): void
}

export function openPages(path: string): PagesFile {
  const fd = openSync(path, 'r')
  const { size } = statSync(path)
  const length = size - (size % 4096)
  return {
    length,
    read(at, into) {
      for (let done = 0; done < into.length; ) {
        const from = (at + done) % length
        done += readSync(fd, into, done, Math.min(into.length - done, length - from), from)
      }
    },
    [Symbol.dispose]: () => closeSync(fd),
  }
}
