import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface LibRequest {
  readonly operation: 'fast' | 'hc' | 'decompress'
  /** Acceleration or level. */
  readonly level?: number
  readonly dict?: Uint8Array | undefined
  readonly source: Uint8Array
  readonly capacity: number
}

/** The machine's own LZ4 library, or why it cannot be had. */
export interface LibLz4 {
  readonly missing: string | undefined
  /** The library's answers in order: bytes, or its negative result. */
  run(requests: readonly LibRequest[]): (Uint8Array<ArrayBuffer> | number)[]
  [Symbol.dispose](): void
}

const operations = ['fast', 'hc', 'decompress']
const none = new Uint8Array(0)

/** Compiles `liblz4.c` with the C compiler at hand. */
export function compileLibLz4(): LibLz4 {
  const folder = mkdtempSync(join(tmpdir(), 'zcomp-lz4-'))
  const program = join(folder, 'liblz4')
  const source = fileURLToPath(new URL('liblz4.c', import.meta.url))
  const built = spawnSync('cc', ['-O1', source, '-o', program, '-llz4'], { encoding: 'utf8' })
  const missing = built.error
    ? `no C compiler: ${built.error.message}`
    : built.status
      ? `no LZ4 library: ${built.stderr.split('\n')[0]}`
      : undefined
  return {
    missing,
    run: (requests) => answers(program, requests),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function answers(program: string, requests: readonly LibRequest[]): (Uint8Array<ArrayBuffer> | number)[] {
  const input = requests.flatMap(({ operation, level = 1, dict = none, source, capacity }) => [
    new Uint8Array(Uint32Array.of(operations.indexOf(operation), level, dict.length, source.length, capacity).buffer),
    dict,
    source,
  ])
  const { stdout, status, error } = spawnSync(program, { input: Buffer.concat(input), maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`the C program failed: ${error ?? status}`)
  let at = 0
  return requests.map(() => {
    const result = stdout.readInt32LE(at)
    at += 4
    if (result <= 0) return result
    at += result
    return new Uint8Array(stdout.subarray(at - result, at))
  })
}
