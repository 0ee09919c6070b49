import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflate } from '@zcomp/backend-deflate'
import { ZramDevice } from '@zcomp/core'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { startChild } from '../src/child.js'
import { compile } from '../src/compile.js'
import { familiesOf } from '../src/families.js'
import { runRounds, warmUps } from '../src/rounds.js'
import type { Env, Opened, Row, SlicedMeasure } from '../src/row.js'
import { cCodecRow } from '../src/rows/c-codec.js'
import { codecRow } from '../src/rows/codec.js'
import { deviceRow } from '../src/rows/device.js'
import { leaseRow } from '../src/rows/lease.js'
import { slicesOf, sum } from '../src/slices.js'
import { targets } from '../src/targets.js'
import { codecPages, requestBytes, sourceOf } from '../src/work.js'

const folder = mkdtempSync(join(tmpdir(), 'slices-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Not a whole number of requests, so that the last slice ends with a part of one. */
const pageTotal = 2 * 1024 + 5
const env: Env = envOf(pageTotal)
const subject = { name: 'deflate', ops: deflate() }

describe('slices', () => {
  it.each([1, 31, 32, 33, 1024, 1025, 2053, 16384, 65_537])('cover %i pages exactly, in about equal parts', (pages) => {
    const slices = slicesOf(pages)
    expect(slices[0]?.from).toBe(0)
    expect(slices.at(-1)?.to).toBe(pages)
    slices.slice(1).forEach(({ from }, i) => {
      expect(from).toBe(slices[i]?.to)
      expect(from % (requestBytes / 4096)).toBe(0)
    })
    for (const { from, to } of slices) {
      expect(to - from).toBeLessThanOrEqual(1024)
      expect(to - from).toBeGreaterThanOrEqual(Math.min(pages, 256))
    }
  })

  it('of which a round has all pages, in every row', async ({ skip }) => {
    const codec = codecPages(env.pages).length
    expect(codec).toBeLessThan(pageTotal)
    const pagesOf = async (row: Row, measure: string): Promise<number> => {
      const open = await opened(row)
      const parts = await Promise.all(slicesOf(pageTotal).map((slice) => sliced(open, measure).run(1, slice)))
      await open.close()
      return sum(parts).pages
    }
    expect(await pagesOf(codecRow(subject), 'codec/deflate/compress')).toBe(codec)
    expect(await pagesOf(codecRow(subject), 'codec/deflate/decompress')).toBe(codec)
    expect(await pagesOf(leaseRow(subject), 'lease/deflate/compress')).toBe(codec)
    const program = await compile(env, 'deflate')
    if (typeof program !== 'string') skip(program.missing)
    expect(await pagesOf(cCodecRow('deflate', 6), 'c/deflate/compress')).toBe(codec)
    expect(await pagesOf(cCodecRow('deflate', 6), 'c/deflate/decompress')).toBe(codec)
  })

  it('leave in a device what their round puts there', async () => {
    const create = vi.spyOn(ZramDevice, 'create')
    const open = await opened(deviceRow(subject))
    const device = (await create.mock.results[0]?.value) as ZramDevice
    create.mockRestore()
    for (const [nth, kind] of kinds.entries()) {
      const round = 3 + 2 * nth
      const write = sliced(open, `device/deflate/${kind.what}`)
      for (const slice of slicesOf(pageTotal)) await write.run(round, slice)
      expect(pagesThatDiffer(device, round, [kind])).toEqual([])
      expect(pagesThatDiffer(device, round + 1, [kind]).length).toBeGreaterThan(pageTotal / 2)
    }
    const samples = await runRounds(open.measures, { count: 1, pages: pageTotal, targets, said() {} })
    expect([...samples.values()].map(([sample]) => sample?.pages)).toEqual(open.measures.map(() => pageTotal))
    // Chance decides which of them came last to a slice.
    expect(pagesThatDiffer(device, warmUps, kinds)).toEqual([])
    await open.close()
  })

  it('leave in a file what their round puts there, written by the program for the kernel', async ({ skip }) => {
    const program = await compile(env, 'block')
    if (typeof program !== 'string') return skip(program.missing)
    const device = join(folder, 'device.bin')
    writeFileSync(device, new Uint8Array(pageTotal * 4096))
    const child = await startChild(program, [device, env.pagesFile]).catch(String)
    if (typeof child === 'string') return skip(`no O_DIRECT in ${tmpdir()}: ${child}`)
    const slices = slicesOf(pageTotal)
    const parts = []
    for (const { from, to } of slices)
      parts.push(await child.pass(`w ${requestBytes} ${2 * requestBytes} ${from} ${to}`))
    expect(sum(parts).pages).toBe(pageTotal)
    expect((await child.pass(`v ${requestBytes} ${2 * requestBytes} 0 ${pageTotal}`)).pages).toBe(pageTotal)
    await expect(child.pass(`v ${requestBytes} 0 0 ${pageTotal}`)).rejects.toThrow('gives back other bytes')
  })
})

describe('families', () => {
  it('are what targets relate, also by others in between', () => {
    const ids = [
      'kernel/lz4/read',
      'lease/lz4/compress',
      'codec/lzo/compress',
      'device/lz4/read-sync',
      'c/lzo/compress',
    ]
    const more = ['codec/lzo-rle/compress', 'codec/lz4/decompress']
    const families = familiesOf(
      [...ids, ...more].map((id) => ({ id })),
      targets,
    ).map((family) => family.map(({ id }) => id))
    expect(families).toEqual([
      ['kernel/lz4/read', 'device/lz4/read-sync', 'codec/lz4/decompress'],
      ['lease/lz4/compress'],
      ['codec/lzo/compress', 'c/lzo/compress', 'codec/lzo-rle/compress'],
    ])
  })

  it('run without strangers in between, in many orders', async () => {
    const orders = new Set<string>()
    let order: string[] = []
    const measures = ['device/lz4/read-sync', 'x/y/z', 'codec/lz4/decompress'].map(
      (id): SlicedMeasure => ({
        id,
        runs: 'by the slice',
        run(_, { from, to }) {
          order.push(id)
          if (order.length === 3) {
            orders.add(order.join())
            order = []
          }
          return { wallNs: 1, cpuNs: 1, pages: to - from }
        },
      }),
    )
    await runRounds(measures, { count: 1, pages: 16 * 1024, targets, said() {} })
    expect(orders.size).toBe(4)
    for (const order of orders) expect(order.split(',')[1]).not.toBe('x/y/z')
  })
})

/** How a device is written: in requests of so many bytes, with the contents of a round so many later. */
interface Kind {
  readonly what: string
  readonly shift: number
  readonly step: number
}

const kinds: readonly Kind[] = [
  { what: 'write-sync', shift: 0, step: requestBytes },
  { what: 'write-async', shift: 1, step: requestBytes },
  { what: 'write-sync-4k', shift: 0, step: 4096 },
]

/** Numbers of the pages that hold nothing that one of these writes puts there in a round. */
function pagesThatDiffer(device: ZramDevice, round: number, writes: readonly Kind[]): number[] {
  const { bytes } = env.pages
  const contents = (at: number, { shift, step }: Kind): Uint8Array => {
    const within = at % step
    const length = Math.min(step, bytes.length - (at - within))
    const from = sourceOf(at - within, length, round + shift, bytes.length) + within
    return bytes.subarray(from, from + 4096)
  }
  return Array.from({ length: pageTotal }, (_, nth) => nth).filter((nth) => {
    const got = device.readSync(nth * 4096, new Uint8Array(4096))
    return !writes.some((kind) => Buffer.compare(got, contents(nth * 4096, kind)) === 0)
  })
}

async function opened(row: Row): Promise<Opened> {
  const open = await row.open(env)
  if ('missing' in open) throw new Error(open.missing)
  return open
}

function sliced({ measures }: Opened, id: string): SlicedMeasure {
  const measure = measures.find((each) => each.id === id)
  if (measure?.runs !== 'by the slice') throw new Error(`${id} does not run by the slice`)
  return measure
}

/** Every page is another, but that every 40th is filled with one word. */
function envOf(count: number): Env {
  const bytes = new Uint8Array(count * 4096)
  for (let nth = 0; nth < count; nth++) {
    if (nth % 40 !== 0) bytes.set(Buffer.from(`page ${nth}, `.repeat(500)).subarray(0, 4096), nth * 4096)
  }
  const pagesFile = join(folder, 'pages.bin')
  writeFileSync(pagesFile, bytes)
  const sources = fileURLToPath(new URL('../c', import.meta.url))
  return { pages: { bytes, from: '', digest: '' }, pagesFile, cache: join(folder, 'cache'), sources, mib: 1 }
}
