/** A zram device of the kernel, added for us and removed by us. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const control = '/sys/class/zram-control'

export interface KernelZram {
  readonly path: string
  /** The attribute's text. */
  show(attr: string): string
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
  let there = true
  const remove = (): void => {
    if (!there) return
    there = false
    writeFileSync(attr('reset'), '1')
    writeFileSync(`${control}/hot_remove`, id)
    process.off('exit', remove)
  }
  process.on('exit', remove)
  try {
    writeFileSync(attr('comp_algorithm'), algorithm)
    writeFileSync(attr('disksize'), String(disksize))
    await appears(`/dev/zram${id}`)
  } catch (error) {
    remove()
    throw error
  }
  return { path: `/dev/zram${id}`, show: (name) => readFileSync(attr(name), 'utf8'), remove }
}

async function appears(path: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (existsSync(path)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${path} does not appear`)
}
