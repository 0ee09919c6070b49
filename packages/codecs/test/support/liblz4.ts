import { type CLibrary, compileC } from './c-program.js'

export interface LibRequest {
  readonly operation: 'fast' | 'hc' | 'decompress'
  /** Acceleration or level. */
  readonly level?: number
  readonly dict?: Uint8Array | undefined
  readonly source: Uint8Array
  readonly capacity: number
}

const operations = ['fast', 'hc', 'decompress']
const none = new Uint8Array(0)

/** The machine's own LZ4 library, or why it cannot be had. */
export function compileLibLz4(): CLibrary<LibRequest> {
  return compileC({
    source: new URL('liblz4.c', import.meta.url),
    library: { name: 'LZ4', link: 'lz4' },
    write: ({ operation, level = 1, dict = none, source, capacity }) => [
      new Uint8Array(Uint32Array.of(operations.indexOf(operation), level, dict.length, source.length, capacity).buffer),
      dict,
      source,
    ],
    read(out, at) {
      const result = out.readInt32LE(at)
      const start = at + 4
      if (result <= 0) return [result, start]
      return [new Uint8Array(out.subarray(start, start + result)), start + result]
    },
  })
}
