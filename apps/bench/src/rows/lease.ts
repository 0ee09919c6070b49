import { Zcomp } from '@zcomp/core'
import { granule } from '@zcomp/harness/pages'
import type { Env, Opened, Row, Subject, Took } from '../row.js'
import { holds, type Slice } from '../slices.js'
import { Stopwatch } from '../stopwatch.js'
import { codecPages, requestBytes } from '../work.js'

/** The front end: a lease for each 128 KiB, one copy in, a judged answer for each page. */
export function leaseRow({ name, ops }: Subject): Row {
  const id = `lease/${name}`
  return {
    id,
    async open({ pages }: Env): Promise<Opened> {
      const zcomp = await Zcomp.create(ops, { pageSize: granule })
      const offsets = codecPages(pages)
      const packed = packedPages(pages.bytes, offsets)
      const part = (slice: Slice): Uint8Array => {
        const [before, within] = [
          offsets.filter((at) => at < slice.from * granule),
          offsets.filter((at) => holds(slice, at)),
        ]
        return packed.subarray(before.length * granule, (before.length + within.length) * granule)
      }
      return {
        measures: [{ id: `${id}/compress`, runs: 'by the slice', run: (_, slice) => compressPass(zcomp, part(slice)) }],
        close: () => zcomp.close(),
      }
    },
  }
}

function packedPages(bytes: Uint8Array, offsets: readonly number[]): Uint8Array {
  const packed = new Uint8Array(offsets.length * granule)
  offsets.forEach((at, i) => {
    packed.set(bytes.subarray(at, at + granule), i * granule)
  })
  return packed
}

function compressPass(zcomp: Zcomp, packed: Uint8Array): Took {
  const watch = new Stopwatch()
  watch.start()
  for (let at = 0; at < packed.length; at += requestBytes) {
    const request = packed.subarray(at, at + requestBytes)
    const stream = zcomp.getStream()
    stream.input.set(request)
    for (let i = 0; i < request.length; i += granule) stream.compress(i, granule)
    stream.release()
  }
  watch.stop()
  return watch.took(packed.length / granule)
}
