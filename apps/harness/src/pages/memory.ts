/** Pages of a living process: the memory of a Node process started for the purpose, with an empty environment, so that nothing private is in it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { granule, isSameFilled } from './page-set.js'

/** Builds a heap of objects, strings, maps and tables as programs have them, says so, and waits. */
const guest = `
const words = [globalThis, Array.prototype, String.prototype, Math].flatMap(Object.getOwnPropertyNames)
let x = 1
const next = () => (x = (Math.imul(x, 1664525) + 1013904223) >>> 0)
const word = () => words[next() % words.length]
const rows = Array.from({ length: 20000 }, (_, id) => ({ id, name: word() + '-' + word(), at: next(), tags: [word(), word()], ok: next() % 3 === 0 }))
const text = JSON.stringify(rows)
globalThis.kept = [rows, text, JSON.parse(text), Buffer.from(text), new Map(rows.map((row) => [row.name + row.id, row])), Float64Array.from(rows, (row) => row.at / 7)]
process.stdout.write('ready\\n')
process.stdin.resume()
`

/** Up to `limit` present pages of its private writable memory, in address order. Throws where the platform does not show it. */
export async function pagesOfProcess(limit: number): Promise<Uint8Array[]> {
  const child = spawn(process.execPath, ['--no-warnings', '-e', guest], { env: {}, stdio: ['pipe', 'pipe', 'ignore'] })
  try {
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error('it ended early'))),
    ])
    return readMemory(child.pid as number, limit)
  } finally {
    child.kill()
  }
}

function readMemory(pid: number, limit: number): Uint8Array[] {
  const regions = writableRegions(readFileSync(`/proc/${pid}/maps`, 'utf8'))
  const fd = openSync(`/proc/${pid}/mem`, 'r')
  try {
    const pages = regions.flatMap((region) => presentPages(fd, region))
    return spread(pages, limit)
  } finally {
    closeSync(fd)
  }
}

interface Region {
  readonly start: number
  readonly end: number
}

/** Anonymous, private and writable: neither files nor shared memory nor stacks of the kernel. */
function writableRegions(maps: string): Region[] {
  const line = /^([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0\s*(\[heap\])?$/
  return maps.split('\n').flatMap((text) => {
    const [, start, end] = line.exec(text) ?? []
    return start && end ? [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }] : []
  })
}

/** Pages never touched read as zeroes, so leaving out those filled with one word leaves them out too. */
function presentPages(fd: number, { start, end }: Region): Uint8Array[] {
  const pages: Uint8Array[] = []
  const step = 256 * granule
  for (let at = start; at < end; at += step) {
    const chunk = new Uint8Array(Math.min(step, end - at))
    const got = readAt(fd, chunk, at)
    for (let i = 0; i + granule <= got; i += granule) {
      const page = chunk.subarray(i, i + granule)
      if (!isSameFilled(page)) pages.push(page)
    }
  }
  return pages
}

/** A region may have gone since its line was read. */
function readAt(fd: number, into: Uint8Array, at: number): number {
  try {
    return readSync(fd, into, 0, into.length, at)
  } catch {
    return 0
  }
}

/** Runs of 32 from all over, since neighbours belong together. */
function spread(pages: readonly Uint8Array[], limit: number): Uint8Array[] {
  if (pages.length <= limit) return [...pages]
  const run = 32
  const runs = Math.floor(limit / run)
  return Array.from({ length: runs }, (_, i) => {
    const from = Math.floor((i * (pages.length - run)) / runs)
    return pages.slice(from, from + run)
  }).flat()
}
