import type { ZcompCtx } from '@zcomp/core'
import { granule } from '@zcomp/harness/pages'
import type { Env, Missing, Opened, Row, SlicedMeasure, Subject, Took } from '../row.js'
import { type Slice, wholeOf } from '../slices.js'
import { Stopwatch } from '../stopwatch.js'
import { repeatsOneWord, requestBytes, sourceOf } from '../work.js'
import { KeptPages } from './kept.js'

/**
 * What no device can leave out that keeps pages in memory of its own: requests are copied to the codec, results from it to where they stay,
 * pages that they make to the reader. Results lie one after the other, found by an array: no allocation, no freeing, no order, no check.
 */
export function copiedRow({ name, ops }: Subject): Row {
  const id = `copied/${name}`
  return {
    id,
    async open({ pages: { bytes } }: Env): Promise<Opened | Missing> {
      const setup = await ops.setupParams({ pageSize: granule })
      if ('refused' in setup) return { missing: `${setup.refused} ${setup.why}` }
      const ctx = setup.createCtx()
      const store = makeStore(ctx, bytes)
      const whole = wholeOf(bytes.length / granule)
      writePass(store, 0, whole)
      store.kept.check(id, ctx, bytes)
      const measure = (what: string, pass: (round: number, slice: Slice) => Took): SlicedMeasure => ({
        id: `${id}/${what}`,
        runs: 'by the slice',
        run: pass,
      })
      return {
        measures: [
          measure('write', (round, slice) => writePass(store, round, slice)),
          measure('read', (_, slice) => readPass(store, slice)),
        ],
        async close() {
          ctx[Symbol.dispose]()
          await setup[Symbol.asyncDispose]()
        },
      }
    },
  }
}

interface Store {
  readonly ctx: ZcompCtx
  readonly bytes: Uint8Array
  readonly words: Int32Array
  /** Pages of `ctx.input`, views made once. */
  readonly staged: readonly Uint8Array[]
  readonly kept: KeptPages
  readonly into: Uint8Array
}

function makeStore(ctx: ZcompCtx, bytes: Uint8Array): Store {
  const staged = Math.floor(Math.min(requestBytes, ctx.input.length) / granule)
  return {
    ctx,
    bytes,
    words: new Int32Array(ctx.input.buffer, ctx.input.byteOffset, (staged * granule) / 4),
    staged: Array.from({ length: staged }, (_, i) => ctx.input.subarray(i * granule, (i + 1) * granule)),
    kept: new KeptPages(bytes.length / granule),
    into: new Uint8Array(staged * granule),
  }
}

function writePass(store: Store, round: number, { from, to }: Slice): Took {
  const { bytes, staged } = store
  const step = staged.length * granule
  const watch = new Stopwatch()
  watch.start()
  for (let at = from * granule; at < to * granule; at += step) {
    const length = Math.min(step, to * granule - at)
    const source = sourceOf(at, length, round, bytes.length)
    write(store, at / granule, bytes.subarray(source, source + length))
  }
  watch.stop()
  return watch.took(to - from)
}

function write({ ctx, words, staged, kept }: Store, first: number, request: Uint8Array): void {
  ctx.input.set(request)
  for (let i = 0; i < request.length / granule; i++) {
    if (repeatsOneWord(words, (i * granule) / 4, granule / 4)) {
      kept.keepWord(first + i, words[(i * granule) / 4] as number)
      continue
    }
    const wrote = ctx.compress(i * granule, granule)
    kept.keep(first + i, wrote <= 0 || wrote >= granule ? (staged[i] as Uint8Array) : ctx.buffer.subarray(0, wrote))
  }
}

function readPass(store: Store, { from, to }: Slice): Took {
  const step = store.staged.length
  const watch = new Stopwatch()
  watch.start()
  for (let page = from; page < to; page += step) read(store, page, Math.min(step, to - page))
  watch.stop()
  return watch.took(to - from)
}

function read({ ctx, staged, kept, into }: Store, first: number, count: number): void {
  for (let i = 0; i < count; i++) kept.read(ctx, first + i, staged[i] as Uint8Array)
  into.set(ctx.input.subarray(0, count * granule))
}
