/** All rows. A new one is a file here and a line below. */
import type { ZcompOps } from '@zcomp/core'
import type { Row, Subject } from '../row.js'
import { cCodecRow } from './c-codec.js'
import { codecRow } from './codec.js'
import { copiedRow } from './copied.js'
import { deviceRow } from './device.js'
import { kernelRow } from './kernel.js'
import { leaseRow } from './lease.js'
import { managedRows } from './managed/index.js'

/** The C libraries, with the level that our backend of that name has by default. */
const libraries: readonly (readonly [name: string, level: number])[] = [
  ['lz4', 1],
  ['lz4hc', 9],
  ['lzo', 1],
  ['zstd', 3],
  ['deflate', 6],
]

export async function allRows(backends: readonly ZcompOps[]): Promise<Row[]> {
  const subjects = await Promise.all(backends.map(softwareForm))
  const levelOf = (name: string, otherwise: number): number => {
    const levels = backends.find((ops) => ops.name === name)?.caps.levels
    return levels !== undefined && levels !== 'none' && levels.default !== 'auto' ? levels.default : otherwise
  }
  return [
    ...libraries.map(([name, level]) => cCodecRow(name, levelOf(name, level))),
    ...subjects.map(codecRow),
    ...subjects.map(leaseRow),
    ...subjects.filter(({ name }) => name === 'lz4').map(copiedRow),
    ...subjects.map((subject) => deviceRow(subject)),
    ...subjects.filter(({ name }) => name === 'lz4').map((subject) => deviceRow(subject, 'checksum')),
    ...backends.map(({ name }) => kernelRow(name)),
    ...managedRows,
  ]
}

/** The same backend without its device, as a worker would build it: these rows are about one thread. */
async function softwareForm(ops: ZcompOps): Promise<Subject> {
  const { name, module, caps } = ops
  if (caps.managed === 'none' || module === 'none') return { name, ops }
  const exports = await import(module.url)
  return { name, ops: exports[module.factory](module.options) }
}
