/** The few parts of WebAssembly that a codec needs, and nothing that only Node or only a browser has. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** What every codec's module exports. Pointers are byte offsets in the memory that it was given. */
export interface CodecExports {
  /** `__heap_base`: the first byte that the module's own constants leave free. */
  readonly heapBase: { readonly value: number }
  /** Compresses `length` bytes at `src` to `dst`, which has room for the worst case and some slack. A length, or a negative status. */
  compress(src: number, length: number, dst: number): number
  /**
   * Decompresses `srcLength` bytes at `src` into at most `dstLength` at `dst`. Touches nothing outside these two ranges, not even to read,
   * since a neighbouring page may follow at once. A length, or a negative status.
   */
  decompress(src: number, srcLength: number, dst: number, dstLength: number): number
}

interface WasmApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Memory: new (size: { initial: number; maximum: number }) => WasmMemory
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: object }
}
declare const compiled: unique symbol
export type WasmModule = { readonly [compiled]: true }

// Typed here, since neither the language's own library nor that of the Node version we start from declares these globals.
const host = globalThis as unknown as { readonly WebAssembly: WasmApi; atob(text: string): string }

interface Compiled {
  readonly module: WasmModule
  readonly heapBase: number
}
const compiledFrom = new Map<string, Compiled>()

/** Compiles a module on first use, synchronously, and once for all contexts of the process. */
function compile(base64: string): Compiled {
  const known = compiledFrom.get(base64)
  if (known) return known
  const module = new host.WebAssembly.Module(Uint8Array.from(host.atob(base64), (char) => char.charCodeAt(0)))
  // An instance needs its memory before it can be asked how much of it to leave alone: so ask one that is thrown away.
  const { exports } = new host.WebAssembly.Instance(module, { env: { memory: makeMemory(wasmPageBytes) } })
  const fresh = { module, heapBase: (exports as CodecExports).heapBase.value }
  compiledFrom.set(base64, fresh)
  return fresh
}

/** First byte that the module's own constants leave free. */
export const heapBaseOf = (base64: string): number => compile(base64).heapBase

const wasmPageBytes = 65536

/** A memory of a fixed size, so that views on it are good for its whole life. */
export function makeMemory(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / wasmPageBytes)
  return new host.WebAssembly.Memory({ initial: pages, maximum: pages })
}

/** An instance of its own on `memory`: what a module keeps in globals belongs to one context. */
export function instantiate<E extends CodecExports>(base64: string, memory: WasmMemory): E {
  const { exports } = new host.WebAssembly.Instance(compile(base64).module, { env: { memory } })
  return exports as E
}
