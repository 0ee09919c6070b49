/** What the kernel makes of each page: it is written alone, and its size is what compr_data_size grew by. */
import { constants, readSync, writeSync } from 'node:fs'
import type { KernelZram } from './zram.js'

const pageBytes = 4096

/** Stored bytes per page; 0 for a same-filled one. */
export async function kernelSizes(device: KernelZram, bytes: Uint8Array): Promise<number[]> {
  const fd = device.open(constants.O_RDWR | constants.O_DIRECT | constants.O_SYNC)
  const page = alignedPage()
  const sizes: number[] = []
  let before = 0
  for (let at = 0; at < bytes.length; at += pageBytes) {
    page.set(bytes.subarray(at, at + pageBytes))
    writeSync(fd, page, 0, pageBytes, at)
    const after = comprDataSize(device)
    sizes.push(after - before)
    before = after
    await giveWay(at)
  }
  return sizes
}

/** The number of the first page that does not come back equal, or -1. */
export async function firstDifference(device: KernelZram, bytes: Uint8Array): Promise<number> {
  const fd = device.open(constants.O_RDONLY | constants.O_DIRECT)
  const page = alignedPage()
  for (let at = 0; at < bytes.length; at += pageBytes) {
    readSync(fd, page, 0, pageBytes, at)
    if (Buffer.compare(page, bytes.subarray(at, at + pageBytes)) !== 0) return at / pageBytes
    await giveWay(at)
  }
  return -1
}

// Typed here, since Node 20's types do not declare it.
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer } }
}

/** O_DIRECT wants memory aligned to a block; that of WebAssembly is aligned to the host's page. */
function alignedPage(): Uint8Array {
  return new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer, 0, pageBytes)
}

/** A turn of the loop now and then, so that signals are heard. */
async function giveWay(at: number): Promise<void> {
  if (at % (256 * pageBytes) === 0) await new Promise((resolve) => setImmediate(resolve))
}

function comprDataSize(device: KernelZram): number {
  return Number(device.show('mm_stat').trim().split(/\s+/)[1])
}
