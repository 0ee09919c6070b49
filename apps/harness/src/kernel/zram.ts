/** A zram device of the kernel, added for us and removed by us. */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'

const control = '/sys/class/zram-control'

export interface KernelZram {
  readonly path: string
  /** The attribute's text. */
  show(attr: string): string
  /** Opens the device; `remove` closes what is open still. */
  open(flags: number): number
  remove(): void
}

/** Why there can be none here, or undefined. */
export function whyNoKernelZram(algorithm: string): string | undefined {
  if (process.platform !== 'linux') return `no kernel zram on ${process.platform}`
  if (process.getuid?.() !== 0) return 'needs root'
  if (!existsSync(`${control}/hot_add`)) return `no ${control}/hot_add: zram is not in this kernel, or not loaded`
  const device = '/sys/block/zram0/comp_algorithm'
  if (existsSync(device) && !new RegExp(`(^|[ \\[])${algorithm}[\\] \\n]`).test(readFileSync(device, 'utf8'))) {
    return `this kernel's zram has no ${algorithm}`
  }
  return undefined
}

/** Adds a device. Whatever happens to the process short of SIGKILL, it is removed. */
export async function addKernelZram(algorithm: string, disksize: number): Promise<KernelZram> {
  const id = readFileSync(`${control}/hot_add`, 'utf8').trim()
  const attr = (name: string): string => `/sys/block/zram${id}/${name}`
  const opened: number[] = []
  let there = true
  const remove = (): void => {
    if (!there) return
    there = false
    process.off('exit', remove).off('SIGINT', leave).off('SIGTERM', leave)
    for (const fd of opened.splice(0)) closeSync(fd)
    patiently(() => writeFileSync(attr('reset'), '1'))
    patiently(() => writeFileSync(`${control}/hot_remove`, id))
  }
  process.on('exit', remove).on('SIGINT', leave).on('SIGTERM', leave)
  try {
    writeFileSync(attr('comp_algorithm'), algorithm)
    writeFileSync(attr('disksize'), String(disksize))
    await appears(`/dev/zram${id}`)
  } catch (error) {
    remove()
    throw error
  }
  const path = `/dev/zram${id}`
  const open = (flags: number): number => {
    const fd = openSync(path, flags)
    opened.push(fd)
    return fd
  }
  return { path, show: (name) => readFileSync(attr(name), 'utf8'), open, remove }
}

/** A signal ends the process as an exit does, so that what is registered for an exit happens. */
function leave(): void {
  process.exit(130)
}

/** The device is busy for a moment after whoever had it open is gone. Waits in place, since an exit waits for nothing else. */
function patiently(act: () => void): void {
  const nothing = new Int32Array(new SharedArrayBuffer(4))
  for (let tries = 0; ; tries++) {
    try {
      act()
      return
    } catch (error) {
      if (tries === 100) throw error
      Atomics.wait(nothing, 0, 0, 20)
    }
  }
}

async function appears(path: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (existsSync(path)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${path} does not appear`)
}
