import { type Layout, layOut } from './layout.js'
import { type CodecSpec, needPageSize, Status } from './spec.js'
import { type CodecExports, heapBaseOf, instantiate, makeMemory } from './wasm.js'

/**
 * One codec with memory of its own: exclusive, synchronous, one page at a time. It has the shape of a `ZcompCtx`.
 *
 * `compress` and `decompress` answer with the bytes written, or with a negative `Status`; they throw a `RangeError` only for arguments
 * that no caller should pass, whatever the data.
 */
export interface CodecCtx {
  /** At least 128 KiB, at least a page; only the caller writes here. */
  readonly input: Uint8Array
  /** Two pages; `compress` leaves its result at the front, good until the next `compress`. */
  readonly buffer: Uint8Array
  /** Compresses `length` bytes (1 to a page) at `offset` of `input`. */
  compress(offset: number, length: number): number
  /**
   * Fills `dst` (at most a page) from `src`, and never writes outside it; its contents are undefined after a failure. Either may lie in any memory.
   * Views on this context's own memory are used where they are, others cost a copy. They must not overlap.
   */
  decompress(src: Uint8Array, dst: Uint8Array): number
  /** Ends the context. `input` and `buffer` stay readable as long as somebody holds them. */
  [Symbol.dispose](): void
}

/** Builds a context: a memory and an instance of its own, the compiled module shared. */
export function createCodecCtx<E extends CodecExports>(spec: CodecSpec<E>, pageSize: number): CodecCtx {
  needPageSize(pageSize)
  const layout = layOut(heapBaseOf(spec.wasm), spec.workspaceBytes, pageSize)
  const memory = makeMemory(layout.totalBytes)
  const exports = instantiate<E>(spec.wasm, memory)
  const bytes = new Uint8Array(memory.buffer)
  spec.setup(exports, layout.workspace, bytes)
  return contextOn(exports, bytes, layout, pageSize)
}

function contextOn(live: CodecExports, bytes: Uint8Array, layout: Layout, pageSize: number): CodecCtx {
  const memory = bytes.buffer
  const { input, inputBytes, buffer, bufferBytes, source, sourceBytes, target } = layout
  const targetPage = new Uint8Array(memory, target, pageSize)
  let codec: Pick<CodecExports, 'compress' | 'decompress'> = live
  return {
    input: new Uint8Array(memory, input, inputBytes),
    buffer: new Uint8Array(memory, buffer, bufferBytes),
    compress(offset, length) {
      // `| 0` is the cheapest test that also catches fractions and NaN.
      if ((length | 0) !== length || length < 1 || length > pageSize) throw misuse('length', length, 1, pageSize)
      if ((offset | 0) !== offset || offset < 0 || offset > inputBytes - length)
        throw misuse('offset', offset, 0, inputBytes - length)
      return codec.compress(input + offset, length, buffer)
    },
    decompress(src, dst) {
      const { length } = src
      const capacity = dst.length
      if (capacity > pageSize) throw misuse('dst.length', capacity, 0, pageSize)
      let from = source
      if (src.buffer === memory) from = src.byteOffset
      else {
        // No page, whatever is in it, takes two pages of any of these formats.
        if (length > sourceBytes) return Status.corrupt
        bytes.set(src, source)
      }
      if (dst.buffer === memory) return codec.decompress(from, length, dst.byteOffset, capacity)
      const got = codec.decompress(from, length, target, capacity)
      if (got > 0) dst.set(got === pageSize ? targetPage : new Uint8Array(memory, target, got))
      return got
    },
    [Symbol.dispose]() {
      codec = disposed
    },
  }
}

function misuse(what: string, value: number, min: number, max: number): RangeError {
  return new RangeError(`${what} must be a whole number from ${min} to ${max}, not ${value}`)
}

function refuse(): never {
  throw new Error('this codec context is disposed of')
}

const disposed = { compress: refuse, decompress: refuse }
