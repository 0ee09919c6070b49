/** One context: an instance of the module, with memory of its own. */
import { Status, type ZcompCtx } from '@zcomp/core'

interface Exports {
  compress(src: number, length: number, dst: number, table: number): number
  decompress(src: number, srcLength: number, dst: number, dstLength: number): number
}

/** As the build of the module says; never grown, since growing would detach `input` and `buffer`. */
const memoryPages = 9
const wasmPageBytes = 65536
/** The first 64 KiB are left to the module's own constants. */
const firstFree = wasmPageBytes
const tableBytes = 8192
const inputBytes = 128 * 1024

export function createCtx(module: WebAssembly.Module, pageSize: number): ZcompCtx {
  const memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages })
  const codec = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports
  const bytes = new Uint8Array(memory.buffer)
  const sourceBytes = 2 * pageSize
  const table = firstFree
  const inputAt = table + tableBytes
  const bufferAt = inputAt + inputBytes
  /** Where compressed bytes from elsewhere are copied to, and a page on its way out. */
  const source = bufferAt + 2 * pageSize
  const target = source + sourceBytes
  const page = bytes.subarray(target, target + pageSize)
  return {
    input: bytes.subarray(inputAt, bufferAt),
    buffer: bytes.subarray(bufferAt, source),
    compress: (offset, length) => codec.compress(inputAt + offset, length, bufferAt, table),
    decompress(src, dst) {
      // More than any page compresses to, or than fits into `target`.
      if (src.length > sourceBytes || dst.length > pageSize) return Status.corrupt
      if (src.buffer !== memory.buffer) bytes.set(src, source)
      const from = src.buffer === memory.buffer ? src.byteOffset : source
      if (dst.buffer === memory.buffer) return codec.decompress(from, src.length, dst.byteOffset, dst.length)
      const wrote = codec.decompress(from, src.length, target, dst.length)
      if (wrote > 0) dst.set(wrote === pageSize ? page : page.subarray(0, wrote))
      return wrote
    },
    [Symbol.dispose]() {},
  }
}
