/**
 * Bytes between two areas, and after the last. An encoder may read and write whole vectors past what it means to touch, up to this far; a
 * decoder may not.
 */
export const slack = 64

/** Where the areas of one context lie in its memory. All start at multiples of 64. */
export interface Layout {
  readonly workspace: number
  readonly input: number
  readonly inputBytes: number
  readonly buffer: number
  readonly bufferBytes: number
  /** Compressed bytes from foreign memory. */
  readonly source: number
  readonly sourceBytes: number
  /** A page on its way to foreign memory. */
  readonly target: number
  readonly totalBytes: number
}

const inputBytesAtLeast = 128 * 1024

const aligned = (address: number): number => Math.ceil(address / slack) * slack

export function layOut(heapBase: number, workspaceBytes: number, pageSize: number): Layout {
  let next = aligned(heapBase)
  const area = (bytes: number): number => {
    const start = next
    next = aligned(start + bytes) + slack
    return start
  }
  const inputBytes = Math.max(inputBytesAtLeast, pageSize)
  const bufferBytes = 2 * pageSize
  return {
    workspace: area(workspaceBytes),
    input: area(inputBytes),
    inputBytes,
    buffer: area(bufferBytes),
    bufferBytes,
    source: area(bufferBytes),
    sourceBytes: bufferBytes,
    target: area(pageSize),
    totalBytes: next,
  }
}
