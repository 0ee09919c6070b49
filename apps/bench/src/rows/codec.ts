import type { ZcompCtx } from '@zcomp/core'
import { granule } from '@zcomp/harness/pages'
import type { Env, Missing, Opened, Row, Sample, Subject } from '../row.js'
import { Stopwatch } from '../stopwatch.js'
import { targets } from '../targets.js'
import { codecPages, repeatsOneWord, requestBytes } from '../work.js'

/** The bare context. Bytes are staged in `input` before the clock runs, as in the C floor. */
export function codecRow({ name, ops }: Subject): Row {
  const id = `codec/${name}`
  const floor = `${id}/write-floor`
  return {
    id,
    async open({ pages }: Env): Promise<Opened | Missing> {
      const setup = await ops.setupParams({ pageSize: granule })
      if ('refused' in setup) return { missing: `${setup.refused} ${setup.why}` }
      const ctx = setup.createCtx()
      const offsets = codecPages(pages)
      const stored = compressAll(ctx, pages.bytes, offsets)
      return {
        measures: [
          { id: `${id}/compress`, run: () => compressPass(ctx, pages.bytes, offsets) },
          { id: `${id}/decompress`, run: () => decompressPass(ctx, stored) },
          ...(isWanted(floor) ? [{ id: floor, run: () => writeFloorPass(ctx, pages.bytes) }] : []),
        ],
        async close() {
          ctx[Symbol.dispose]()
          await setup[Symbol.asyncDispose]()
        },
      }
    },
  }
}

function isWanted(measure: string): boolean {
  return targets.some(({ over, under }) => over === measure || under === measure)
}

/**
 * What any device has to do to write all pages: look whether one word fills the page, and compress it if not; staged before the clock runs.
 * The floor of reads is `decompress` by the pass: it has all pages that reach the codec, and the others cost nothing.
 */
function writeFloorPass(ctx: ZcompCtx, bytes: Uint8Array): Sample {
  const watch = new Stopwatch()
  const step = Math.min(requestBytes, ctx.input.length - (ctx.input.length % granule))
  const words = new Int32Array(ctx.input.buffer, ctx.input.byteOffset, step / 4)
  for (let at = 0; at < bytes.length; at += step) {
    const request = bytes.subarray(at, at + step)
    ctx.input.set(request)
    watch.start()
    for (let i = 0; i < request.length; i += granule) {
      if (!repeatsOneWord(words, i / 4, granule / 4)) ctx.compress(i, granule)
    }
    watch.stop()
  }
  return watch.sample(bytes.length / granule)
}

function compressPass(ctx: ZcompCtx, bytes: Uint8Array, offsets: readonly number[]): Sample {
  const watch = new Stopwatch()
  const batch = Math.min(32, Math.floor(ctx.input.length / granule))
  for (let from = 0; from < offsets.length; from += batch) {
    const count = Math.min(batch, offsets.length - from)
    for (let i = 0; i < count; i++) {
      const at = offsets[from + i] as number
      ctx.input.set(bytes.subarray(at, at + granule), i * granule)
    }
    watch.start()
    for (let i = 0; i < count; i++) ctx.compress(i * granule, granule)
    watch.stop()
  }
  return watch.sample(offsets.length)
}

interface Stored {
  readonly bytes: Uint8Array
  readonly lengths: readonly number[]
}

/** What did not compress is left out of decompression, as it is in a device. */
function compressAll(ctx: ZcompCtx, bytes: Uint8Array, offsets: readonly number[]): Stored {
  const store = new Uint8Array(offsets.length * 2 * granule)
  const lengths: number[] = []
  let used = 0
  for (const at of offsets) {
    ctx.input.set(bytes.subarray(at, at + granule))
    const wrote = ctx.compress(0, granule)
    if (wrote <= 0) continue
    store.set(ctx.buffer.subarray(0, wrote), used)
    lengths.push(wrote)
    used += wrote
  }
  return { bytes: store.slice(0, used), lengths }
}

function decompressPass(ctx: ZcompCtx, { bytes, lengths }: Stored): Sample {
  const watch = new Stopwatch()
  const page = ctx.buffer.subarray(0, granule)
  let at = 0
  for (let from = 0; from < lengths.length; ) {
    const views: Uint8Array[] = []
    let used = 0
    for (; from < lengths.length && views.length < 32; from++) {
      const length = lengths[from] as number
      if (used + length > ctx.input.length) break
      views.push(ctx.input.subarray(used, used + length))
      used += length
    }
    ctx.input.set(bytes.subarray(at, at + used))
    at += used
    watch.start()
    for (const view of views) ctx.decompress(view, page)
    watch.stop()
  }
  return watch.sample(lengths.length)
}
