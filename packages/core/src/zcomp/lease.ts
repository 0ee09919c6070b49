/** A software stream on loan: the kernel's per-CPU stream, locked. */
import { ZcompError } from '../errors.js'
import { Status, type ZcompCtx } from '../ops.js'
import { judgeCompressed, judgeDecompressed } from './judge.js'
import type { Queued } from './queue.js'

/** What came of the pages that went through software streams. `compressed + declined + fault` are all that were tried. */
export interface SoftwareCounts {
  compressed: number
  declined: number
  /** Compressions that failed. */
  fault: number
  decompressed: number
  corrupt: number
  /** Decompressions that failed without saying anything about the bytes. */
  decompressFault: number
}

export function noSoftwareCounts(): SoftwareCounts {
  return { compressed: 0, declined: 0, fault: 0, decompressed: 0, corrupt: 0, decompressFault: 0 }
}

/**
 * Exclusive use of a software context until released: `using stream = zcomp.getStream()`, or `release()` in a `finally`. Answers are
 * judged: `compress` gives a length, `declined` or `fault`; `decompress` gives `dst.length`, `corrupt` or `fault`. Use after release
 * throws EINVAL.
 */
export class StreamLease implements Disposable, Queued<StreamLease> {
  readonly input: Uint8Array
  readonly buffer: Uint8Array
  /** @internal */
  prev: StreamLease | undefined
  /** @internal */
  next: StreamLease | undefined
  #ctx: ZcompCtx | undefined
  readonly #counts: SoftwareCounts
  readonly #takeBack: (lease: StreamLease, ctx: ZcompCtx) => void

  /** @internal */
  constructor(ctx: ZcompCtx, counts: SoftwareCounts, takeBack: (lease: StreamLease, ctx: ZcompCtx) => void) {
    this.#ctx = ctx
    this.#counts = counts
    this.#takeBack = takeBack
    this.input = ctx.input
    this.buffer = ctx.buffer
  }

  /** Compresses `length` bytes at `offset` of `input` into the front of `buffer`. */
  compress(offset: number, length: number): number {
    const ctx = this.#ctx ?? ended()
    let wrote: number
    try {
      wrote = judgeCompressed(ctx.compress(offset, length), this.buffer.length)
    } catch {
      wrote = Status.fault
    }
    const counts = this.#counts
    if (wrote > 0) counts.compressed++
    else if (wrote === Status.declined) counts.declined++
    else counts.fault++
    return wrote
  }

  decompress(src: Uint8Array, dst: Uint8Array): number {
    const ctx = this.#ctx ?? ended()
    let wrote: number
    try {
      wrote = judgeDecompressed(ctx.decompress(src, dst), dst.length)
    } catch {
      wrote = Status.fault
    }
    const counts = this.#counts
    if (wrote > 0) counts.decompressed++
    else if (wrote === Status.corrupt) counts.corrupt++
    else counts.decompressFault++
    return wrote
  }

  /** Gives the context back, once; a second call does nothing. */
  release(): void {
    const ctx = this.#ctx
    if (!ctx) return
    this.#ctx = undefined
    this.#takeBack(this, ctx)
  }

  [Symbol.dispose](): void {
    this.release()
  }
}

function ended(): never {
  throw new ZcompError('EINVAL', 'stream used after release: get another with getStream()')
}
