import { ZramDevice } from '@zcomp/core'
import { granule, pageCount } from '@zcomp/harness/pages'
import type { Env, Opened, Row, SlicedMeasure, Subject, Took } from '../row.js'
import { type Slice, wholeOf } from '../slices.js'
import { Stopwatch } from '../stopwatch.js'
import { requestBytes, sourceOf } from '../work.js'

/** The whole device, overwritten in its steady state: every round puts other contents everywhere. */
export function deviceRow({ name, ops }: Subject, checksum: 'checksum' | 'none' = 'none'): Row {
  const id = checksum === 'none' ? `device/${name}` : `device/${name}+checksum`
  return {
    id,
    async open({ pages }: Env): Promise<Opened> {
      const { bytes } = pages
      const device = await ZramDevice.create({ disksize: bytes.length, backends: [ops], checksum: checksum !== 'none' })
      const first = write({ device, bytes, round: 0, slice: wholeOf(pageCount(pages)) }, requestBytes)
      check(device, bytes)
      const { memUsedTotal } = device.stats().mm
      return {
        measures: measures(id, device, bytes),
        facts: {
          [`${id}/held`]: memUsedTotal,
          [`${id}/predicted kernel`]: device.predictKernel().memUsed,
          [`${id}/first write, ns a page`]: Math.round(first.wallNs / first.pages),
        },
        close: () => device.close(),
      }
    },
  }
}

/** What a measure works on when it runs. */
interface Work {
  readonly device: ZramDevice
  /** As long as the device. */
  readonly bytes: Uint8Array
  readonly round: number
  readonly slice: Slice
}

function measures(id: string, device: ZramDevice, bytes: Uint8Array): SlicedMeasure[] {
  const measure = (what: string, pass: (work: Work) => Promise<Took> | Took): SlicedMeasure => ({
    id: `${id}/${what}`,
    runs: 'by the slice',
    run: (round, slice) => pass({ device, bytes, round, slice }),
  })
  const into = new Uint8Array(requestBytes)
  return [
    measure('write-sync', (work) => write(work, requestBytes)),
    measure('read-sync', (work) => read(work, into)),
    measure('write-async', writeAsync),
    measure('read-async', (work) => readAsync(work, into)),
    measure('write-sync-4k', (work) => write(work, granule)),
    measure('read-sync-4k', (work) => read(work, into.subarray(0, granule))),
  ]
}

function write({ device, bytes, round, slice }: Work, step: number): Took {
  const end = slice.to * granule
  const watch = new Stopwatch()
  watch.start()
  for (let at = slice.from * granule; at < end; at += step) {
    const length = Math.min(step, end - at)
    const from = sourceOf(at, length, round, bytes.length)
    device.writeSync(at, bytes.subarray(from, from + length))
  }
  watch.stop()
  return watch.took(slice.to - slice.from)
}

/** Requests are as long as `into`. */
function read({ device, slice }: Work, into: Uint8Array): Took {
  const end = slice.to * granule
  const step = into.length
  const watch = new Stopwatch()
  watch.start()
  for (let at = slice.from * granule; at < end; at += step)
    device.readSync(at, end - at < step ? into.subarray(0, end - at) : into)
  watch.stop()
  return watch.took(slice.to - slice.from)
}

async function writeAsync({ device, bytes, round, slice }: Work): Promise<Took> {
  const end = slice.to * granule
  const watch = new Stopwatch()
  watch.start()
  for (let at = slice.from * granule; at < end; at += requestBytes) {
    const length = Math.min(requestBytes, end - at)
    const from = sourceOf(at, length, round + 1, bytes.length)
    await device.write(at, bytes.subarray(from, from + length))
  }
  watch.stop()
  return watch.took(slice.to - slice.from)
}

async function readAsync({ device, slice }: Work, into: Uint8Array): Promise<Took> {
  const end = slice.to * granule
  const watch = new Stopwatch()
  watch.start()
  for (let at = slice.from * granule; at < end; at += requestBytes)
    await device.read(at, end - at < requestBytes ? into.subarray(0, end - at) : into)
  watch.stop()
  return watch.took(slice.to - slice.from)
}

/** A figure counts only where the bytes are right. */
function check(device: ZramDevice, bytes: Uint8Array): void {
  const into = new Uint8Array(requestBytes)
  for (let at = 0; at < bytes.length; at += requestBytes) {
    const expected = bytes.subarray(at, at + requestBytes)
    const got = device.readSync(at, into.subarray(0, expected.length))
    if (Buffer.compare(got, expected) !== 0) throw new Error(`${device.algorithm}: other bytes come back at ${at}`)
  }
}
