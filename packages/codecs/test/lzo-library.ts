import { type CLibrary, compileC } from './support/c-program.js'

export interface LzoRequest {
  readonly operation: 'lzo1x-1' | 'lzo1x-999' | 'decompress'
  readonly source: Uint8Array
  readonly capacity: number
}

const operations = ['lzo1x-1', 'lzo1x-999', 'decompress']

/** The machine's own LZO library, or why it cannot be had. */
export function compileLzoLibrary(): CLibrary<LzoRequest> {
  return compileC({
    source: new URL('lzo-library.c', import.meta.url),
    library: { name: 'LZO', link: 'lzo2' },
    write: ({ operation, source, capacity }) => [
      new Uint8Array(Uint32Array.of(operations.indexOf(operation), source.length, capacity).buffer),
      source,
    ],
    read(out, at) {
      const result = out.readInt32LE(at)
      const start = at + 8
      const end = start + out.readUInt32LE(at + 4)
      return [result === 0 ? new Uint8Array(out.subarray(start, end)) : result, end]
    },
  })
}
