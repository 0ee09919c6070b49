import type { CodecExports } from './wasm.js'

/**
 * Answers of `compress` and `decompress` that are not lengths: Linux's errno, negative. These codecs give the first two; `fault` is the
 * answer of a context that something outside has broken, and completes the set that callers must expect.
 */
export const Status = {
  /** The result does not fit. ENOSPC */
  noSpace: -28,
  /** Bytes that no encoder of this format wrote. EBADMSG */
  corrupt: -74,
  /** The codec itself failed; nothing is known of the page. EIO */
  fault: -5,
} as const

/** How a codec is put into a memory: what `createCodecCtx` and the fuzzer need to know of it. */
export interface CodecSpec<E extends CodecExports = CodecExports> {
  /** The module as base64 text, from `generated/`. */
  readonly wasm: string
  /** Bytes that the codec keeps beside input and output: hash tables, dictionary. */
  readonly workspaceBytes: number
  /** Prepares the workspace, once. `bytes` is the whole memory, `workspace` a multiple of 64. */
  setup(exports: E, workspace: number, bytes: Uint8Array): void
}

/** Throws unless pages of this size can be handled: a power of two from 4096 to 65536. */
export function needPageSize(pageSize: number): void {
  const ok = pageSize >= 4096 && pageSize <= 65536 && Number.isInteger(Math.log2(pageSize))
  if (!ok) throw new RangeError(`pageSize must be a power of two from 4096 to 65536, not ${pageSize}`)
}

/** Throws unless `value` is a whole number from `min` to `max`. */
export function needWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`)
}

/** Throws unless the dictionary is absent, or has 1 to `maxBytes` bytes. */
export function needDict(dict: Uint8Array | undefined, maxBytes: number): void {
  if (dict) needWhole('dict.length', dict.length, 1, maxBytes)
}
