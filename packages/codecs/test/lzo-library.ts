import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface LzoRequest {
  readonly operation: 'lzo1x-1' | 'lzo1x-999' | 'decompress'
  readonly source: Uint8Array
  readonly capacity: number
}

/** The machine's own LZO library, or why it cannot be had. */
export interface LzoLibrary {
  readonly missing: string | undefined
  /** The library's answers in order: bytes, or its error code. */
  run(requests: readonly LzoRequest[]): (Uint8Array<ArrayBuffer> | number)[]
  [Symbol.dispose](): void
}

const operations = ['lzo1x-1', 'lzo1x-999', 'decompress']

/** Compiles `lzo-library.c` with the C compiler at hand. */
export function compileLzoLibrary(): LzoLibrary {
  const folder = mkdtempSync(join(tmpdir(), 'zcomp-lzo-'))
  const program = join(folder, 'lzo-library')
  const source = fileURLToPath(new URL('lzo-library.c', import.meta.url))
  const built = spawnSync('cc', ['-O1', source, '-o', program, '-llzo2'], { encoding: 'utf8' })
  return {
    missing: built.error
      ? `no C compiler: ${built.error.message}`
      : built.status
        ? `no LZO library: ${built.stderr.split('\n')[0]}`
        : undefined,
    run: (requests) => answers(program, requests),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function answers(program: string, requests: readonly LzoRequest[]): (Uint8Array<ArrayBuffer> | number)[] {
  const input = requests.flatMap(({ operation, source, capacity }) => [
    new Uint8Array(Uint32Array.of(operations.indexOf(operation), source.length, capacity).buffer),
    source,
  ])
  const { stdout, status, error } = spawnSync(program, { input: Buffer.concat(input), maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`the C program failed: ${error ?? status}`)
  let at = 0
  return requests.map(() => {
    const result = stdout.readInt32LE(at)
    const length = stdout.readUInt32LE(at + 4)
    at += 8 + length
    return result === 0 ? new Uint8Array(stdout.subarray(at - length, at)) : result
  })
}
