/**
 * Malformed inputs for a backend's decoder, as many as wanted, the same for the same seed:
 *
 *     npx --yes pnpm@10.34.8 fuzz zstd --count 10000000 --seed 1 [--seconds 600]
 *
 * Blocks that its own encoder wrote are damaged (bits, bytes, cuts, joins, noise) and decoded between guards. What may not happen: a
 * throw, a length that is none, a byte written outside the page, a valid block that is not read afterwards, memory that grows. Decoders in
 * WebAssembly have a fuzzer of their own beside them, with a plain decoder to compare with: packages/codecs/scripts/fuzz.mjs.
 */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { root } from './lib/workspace.mjs'

const pageSize = 4096
const guard = 64

/**
 * @typedef {object} Ctx
 * @property {Uint8Array} input
 * @property {Uint8Array} buffer
 * @property {(offset: number, length: number) => number} compress
 * @property {(src: Uint8Array, dst: Uint8Array) => number} decompress
 */

/** @param {string} path in the workspace, built @returns {Promise<any>} */
const load = (path) => import(pathToFileURL(join(root, path)).href)
const { makePage, pageKinds } = await load('packages/conformance/dist/index.js')
const { seededRandom } = await load('packages/core/dist/index.js')

/** Backends that are not called as their package is, or as its export: folder, and export. @type {Record<string, [string, string]>} */
const otherwise = { 'lzo-rle': ['lzo', 'lzoRle'], 842: ['842', 'sw842'] }

/**
 * A backend by the kernel's name.
 * @param {string} name
 * @returns {Promise<Ctx>}
 */
async function context(name) {
  const [folder, factory] = otherwise[name] ?? [name, name]
  const module = await load(`packages/backend-${folder}/dist/index.js`)
  const ops = module[factory](name === 'lz4' ? { accelerator: 'none' } : {})
  const setup = await ops.setupParams({ pageSize })
  if ('refused' in setup) throw new Error(`${setup.refused} ${setup.why}`)
  return setup.createCtx()
}

/** @param {Ctx} ctx @returns {Uint8Array[]} blocks that its encoder wrote */
function validBlocks(ctx) {
  return pageKinds.flatMap((/** @type {string} */ kind) =>
    Array.from({ length: 40 }, (_, seed) => {
      ctx.input.set(makePage(kind, pageSize, seed))
      const wrote = ctx.compress(0, pageSize)
      return wrote > 0 ? [ctx.buffer.slice(0, wrote)] : []
    }).flat(),
  )
}

/**
 * @param {() => number} random
 * @param {readonly Uint8Array[]} blocks
 * @param {Uint8Array} into
 * @returns {Uint8Array} its front: one of the blocks, damaged
 */
function damage(random, blocks, into) {
  /** @param {number} n */
  const pick = (n) => Math.floor(random() * n)
  const anyBlock = () => /** @type {Uint8Array} */ (blocks[pick(blocks.length)])
  const block = anyBlock()
  let length = Math.min(block.length, into.length)
  into.set(block.subarray(0, length))
  const kind = pick(8)
  if (kind === 0) length = 1 + pick(length)
  else if (kind === 1) {
    const other = anyBlock()
    const cut = pick(length)
    const tail = other.subarray(pick(other.length), into.length - cut)
    into.set(tail.subarray(0, into.length - cut), cut)
    length = Math.max(1, Math.min(into.length, cut + tail.length))
  } else if (kind === 2) {
    length = 1 + pick(300)
    for (let i = 0; i < length; i++) into[i] = pick(256)
  } else {
    for (let n = 1 + pick(kind); n > 0; n--) {
      const at = pick(length)
      const changes = [Number(into[at]) ^ (1 << pick(8)), pick(256), 0, 255]
      into[at] = Number(changes[pick(4)])
    }
    if (pick(6) === 0) length = 1 + pick(length)
  }
  return into.subarray(0, length)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3600' },
  },
})
const [name = 'zstd'] = positionals
const ctx = await context(name)
const blocks = validBlocks(ctx)
const random = seededRandom(Number(values.seed))
const source = new Uint8Array(2 * pageSize)
const arena = new Uint8Array(pageSize + 2 * guard)
const page = arena.subarray(guard, guard + pageSize)
/** @type {string[]} */
const wrong = []
let accepted = 0
let rejected = 0
const startRss = process.memoryUsage.rss()
let peakRss = startRss
const began = process.hrtime.bigint()
const seconds = () => Number(process.hrtime.bigint() - began) / 1e9

for (let i = 0; i < Number(values.count) && wrong.length < 5; i++) {
  const src = damage(random, blocks, source)
  arena.fill(0xa5, 0, guard)
  arena.fill(0xa5, guard + pageSize)
  let got
  try {
    got = ctx.decompress(src, page)
  } catch (error) {
    wrong.push(`input ${i}: threw ${error}`)
    continue
  }
  if (got > 0 && got <= pageSize) accepted++
  else if (got === -74 || got === -28) rejected++
  else wrong.push(`input ${i}: answered ${got}`)
  for (let g = 0; g < guard; g++)
    if (arena[g] !== 0xa5 || arena[guard + pageSize + g] !== 0xa5) wrong.push(`input ${i}: wrote outside the page`)
  if (i % 1000 === 999) {
    const good = /** @type {Uint8Array} */ (blocks[i % blocks.length])
    if (ctx.decompress(good, page) !== pageSize) wrong.push(`after input ${i}: a valid block is no longer read`)
    if (i % 100_000 === 99_999) {
      peakRss = Math.max(peakRss, process.memoryUsage.rss())
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (seconds() > Number(values.seconds)) break
  }
}
/** @param {number} bytes */
const mib = (bytes) => Math.round(bytes / 2 ** 20)
console.log(
  `${name}, seed ${values.seed}: ${accepted + rejected} inputs, ${accepted} accepted, ${rejected} rejected, ${wrong.length} wrong, ${seconds().toFixed(0)} s`,
)
console.log(`memory: ${mib(startRss)} MiB at the start, ${mib(peakRss)} at most`)
for (const line of wrong) console.log(line)
process.exitCode = wrong.length > 0 ? 1 : 0
