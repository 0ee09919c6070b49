import type { ZcompCtx } from '@zcomp/core'
import { granule } from '@zcomp/harness/pages'
import type { Env, Missing, Opened, Row, SlicedMeasure, Subject, Took } from '../row.js'
import { holds, type Slice } from '../slices.js'
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
      const measure = (id: string, pass: (slice: Slice) => Took): SlicedMeasure => ({
        id,
        runs: 'by the slice',
        run: (_, slice) => pass(slice),
      })
      return {
        measures: [
          measure(`${id}/compress`, (slice) =>
            compressPass(
              ctx,
              pages.bytes,
              offsets.filter((at) => holds(slice, at)),
            ),
          ),
          measure(`${id}/decompress`, (slice) =>
            decompressPass(
              ctx,
              stored.bytes,
              stored.pages.filter(({ page }) => holds(slice, page)),
            ),
          ),
          ...(isWanted(floor) ? [measure(floor, (slice) => writeFloorPass(ctx, pages.bytes, slice))] : []),
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
function writeFloorPass(ctx: ZcompCtx, bytes: Uint8Array, { from, to }: Slice): Took {
  const watch = new Stopwatch()
  const step = Math.min(requestBytes, ctx.input.length - (ctx.input.length % granule))
  const words = new Int32Array(ctx.input.buffer, ctx.input.byteOffset, step / 4)
  for (let at = from * granule; at < to * granule; at += step) {
    const request = bytes.subarray(at, Math.min(at + step, to * granule))
    ctx.input.set(request)
    watch.start()
    for (let i = 0; i < request.length; i += granule) {
      if (!repeatsOneWord(words, i / 4, granule / 4)) ctx.compress(i, granule)
    }
    watch.stop()
  }
  return watch.took(to - from)
}

function compressPass(ctx: ZcompCtx, bytes: Uint8Array, offsets: readonly number[]): Took {
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
  return watch.took(offsets.length)
}

interface StoredPage {
  /** Where the page itself is, in bytes. */
  readonly page: number
  /** Where its compressed bytes begin. */
  readonly at: number
  readonly length: number
}

interface Stored {
  /** Compressed pages, one after the other. */
  readonly bytes: Uint8Array
  readonly pages: readonly StoredPage[]
}

/** What did not compress is left out of decompression, as it is in a device. */
function compressAll(ctx: ZcompCtx, bytes: Uint8Array, offsets: readonly number[]): Stored {
  const store = new Uint8Array(offsets.length * 2 * granule)
  const pages: StoredPage[] = []
  let used = 0
  for (const page of offsets) {
    ctx.input.set(bytes.subarray(page, page + granule))
    const length = ctx.compress(0, granule)
    if (length <= 0) continue
    store.set(ctx.buffer.subarray(0, length), used)
    pages.push({ page, at: used, length })
    used += length
  }
  return { bytes: store.slice(0, used), pages }
}

/** `pages` follow each other in `bytes`. */
function decompressPass(ctx: ZcompCtx, bytes: Uint8Array, pages: readonly StoredPage[]): Took {
  const watch = new Stopwatch()
  const page = ctx.buffer.subarray(0, granule)
  for (let from = 0; from < pages.length; ) {
    const { at } = pages[from] as StoredPage
    const views: Uint8Array[] = []
    let used = 0
    for (; from < pages.length && views.length < 32; from++) {
      const { length } = pages[from] as StoredPage
      if (used + length > ctx.input.length) break
      views.push(ctx.input.subarray(used, used + length))
      used += length
    }
    ctx.input.set(bytes.subarray(at, at + used))
    watch.start()
    for (const view of views) ctx.decompress(view, page)
    watch.stop()
  }
  return watch.took(pages.length)
}
