/** A context from two functions, for a codec that knows nothing of contexts. */
import { Status, type ZcompCtx } from './ops.js'

/** A codec as most packages have it: it fills `dst` and answers a length or a `Status`, or it answers bytes of its own, which are copied. */
export interface SimpleCodec {
  /** Bytes in a page. */
  readonly pageSize: number
  /** A throw counts as a fault. `dst` has two pages. */
  compress(src: Uint8Array, dst: Uint8Array): number | Uint8Array
  /** A throw counts as corrupt. Should stop at `dst.length` bytes: a hostile page can promise gigabytes. */
  decompress(src: Uint8Array, dst: Uint8Array): number | Uint8Array
}

const inputBytes = 128 * 1024

/** Makes a context. Views of whole pages are made once, so that the usual call makes none. */
export function simpleCtx(codec: SimpleCodec): ZcompCtx {
  const { pageSize } = codec
  const input = new Uint8Array(Math.max(inputBytes, pageSize))
  const buffer = new Uint8Array(2 * pageSize)
  const pages = Array.from({ length: input.length / pageSize }, (_, i) =>
    input.subarray(i * pageSize, (i + 1) * pageSize),
  )
  return {
    input,
    buffer,
    compress(offset, length) {
      const page = length === pageSize ? pages[offset / pageSize] : undefined
      return place(codec.compress(page ?? input.subarray(offset, offset + length), buffer), buffer)
    },
    decompress(src, dst) {
      try {
        // A page that came out empty is no page.
        return place(codec.decompress(src, dst), dst) || Status.corrupt
      } catch {
        return Status.corrupt
      }
    },
    [Symbol.dispose]() {},
  }
}

function place(answer: number | Uint8Array, dst: Uint8Array): number {
  if (typeof answer === 'number') return answer
  if (answer.length > dst.length) return Status.noSpace
  dst.set(answer)
  return answer.length
}
