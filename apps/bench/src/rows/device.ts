import { ZramDevice } from '@zcomp/core'
import { granule } from '@zcomp/harness/pages'
import type { Env, Measure, Opened, Row, Sample, Subject } from '../row.js'
import { Stopwatch } from '../stopwatch.js'
import { requestBytes, sourceOf } from '../work.js'

/** The whole device, overwritten in its steady state: every round puts other contents everywhere. */
export function deviceRow({ name, ops }: Subject, checksum: 'checksum' | 'none' = 'none'): Row {
  const id = checksum === 'none' ? `device/${name}` : `device/${name}+checksum`
  return {
    id,
    async open({ pages: { bytes } }: Env): Promise<Opened> {
      const device = await ZramDevice.create({ disksize: bytes.length, backends: [ops], checksum: checksum !== 'none' })
      const first = write(device, bytes, 0, requestBytes)
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

function measures(id: string, device: ZramDevice, bytes: Uint8Array): Measure[] {
  return [
    { id: `${id}/write-sync`, run: (round) => write(device, bytes, round, requestBytes) },
    { id: `${id}/read-sync`, run: () => read(device, bytes.length, requestBytes) },
    { id: `${id}/write-async`, run: (round) => writeAsync(device, bytes, round) },
    { id: `${id}/read-async`, run: () => readAsync(device, bytes.length) },
    { id: `${id}/write-sync-4k`, run: (round) => write(device, bytes, round, granule) },
    { id: `${id}/read-sync-4k`, run: () => read(device, bytes.length, granule) },
  ]
}

function write(device: ZramDevice, bytes: Uint8Array, round: number, step: number): Sample {
  const watch = new Stopwatch()
  watch.start()
  for (let at = 0; at < bytes.length; at += step) {
    const length = Math.min(step, bytes.length - at)
    const from = sourceOf(at, length, round, bytes.length)
    device.writeSync(at, bytes.subarray(from, from + length))
  }
  watch.stop()
  return watch.sample(bytes.length / granule)
}

function read(device: ZramDevice, total: number, step: number): Sample {
  const into = new Uint8Array(step)
  const watch = new Stopwatch()
  watch.start()
  for (let at = 0; at < total; at += step) device.readSync(at, total - at < step ? into.subarray(0, total - at) : into)
  watch.stop()
  return watch.sample(total / granule)
}

async function writeAsync(device: ZramDevice, bytes: Uint8Array, round: number): Promise<Sample> {
  const watch = new Stopwatch()
  watch.start()
  for (let at = 0; at < bytes.length; at += requestBytes) {
    const length = Math.min(requestBytes, bytes.length - at)
    const from = sourceOf(at, length, round + 1, bytes.length)
    await device.write(at, bytes.subarray(from, from + length))
  }
  watch.stop()
  return watch.sample(bytes.length / granule)
}

async function readAsync(device: ZramDevice, total: number): Promise<Sample> {
  const into = new Uint8Array(requestBytes)
  const watch = new Stopwatch()
  watch.start()
  for (let at = 0; at < total; at += requestBytes) {
    await device.read(at, total - at < requestBytes ? into.subarray(0, total - at) : into)
  }
  watch.stop()
  return watch.sample(total / granule)
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
