/** Figures of every backend at several levels, beside the C library of the same run, on the same pages. Rows and rounds are the benchmark's. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './workspace.mjs'

const pageSize = 4096

/** What is measured beside the default, for backends that have levels. */
/** @type {Record<string, number[]>} */
const levels = { lz4: [1, 2, 8], lz4hc: [3, 9, 12], zstd: [-1, 1, 3, 9, 15], deflate: [1, 6, 9] }
/** The C library to compare with, where there is one. It knows no lzo-rle, and no 842. */
/** @type {Record<string, string>} */
const libraries = { lz4: 'lz4', lz4hc: 'lz4hc', lzo: 'lzo', 'lzo-rle': 'lzo', zstd: 'zstd', deflate: 'deflate' }
/** Dictionaries, in bytes, at the default level. */
/** @type {Record<string, number>} */
const dictionaries = { lz4: 16384, lz4hc: 16384, zstd: 65536 }
const trainingPages = 2048

/**
 * @typedef {{ median: number, min: number, max: number }} Spread
 * @typedef {{ compress: Spread, decompress: Spread }} Both
 * @typedef {{ backend: string, level: number | null, dict: number | null, isDefault: boolean, stored: number, held: number, huge: number,
 *   meanBySort: number[], ns: Both, cNs: Both | null, overC: Both | null }} Row
 * @typedef {{ date: string, machine: { cores: number, node: string, platform: string, load: number[] }, rounds: number,
 *   pages: { count: number, sameFilled: number, sorts: number[] }, rows: Row[] }} Figures
 */

/** Part of the workspace as it was built. @param {string} path @returns {Promise<any>} */
const built = (path) => import(pathToFileURL(join(root, path)).href)

/** Every backend of the workspace, in the kernel's order. @returns {Promise<any[]>} */
export async function backends() {
  const { findBackends } = await built('apps/harness/dist/backends.js')
  const { backends: found, missing } = await findBackends(root, [])
  if (missing.length > 0)
    throw new Error(`missing: ${missing.map((/** @type {any} */ { name, why }) => `${name} (${why})`).join(', ')}`)
  return found.map((/** @type {any} */ { ops }) => ops)
}

/**
 * @param {{ file: string, count: number, rounds: number, said: (text: string) => void }} choice pages of 4 KiB, evenly taken from a file
 * @returns {Promise<Figures>}
 */
export async function measure({ file, count, rounds, said }) {
  const { codecRow } = await built('apps/bench/dist/rows/codec.js')
  const { codecPages } = await built('apps/bench/dist/work.js')
  const { runRounds } = await built('apps/bench/dist/rounds.js')
  const before = load()
  const { bytes, training } = choosePages(readFileSync(file), count)
  const pages = { bytes, from: 'a file', digest: 'levels' }
  const env = environment(pages)
  const offsets = codecPages(pages)
  const subjects = await allSubjects(training)
  const [rows, floors] = [[], new Map()].map((x) => /** @type {any} */ (x))
  for (const subject of subjects) {
    said(`opening ${subject.id}`)
    const row = await codecRow({ name: subject.id, ops: subject.ops }).open(env)
    if ('missing' in row) throw new Error(`${subject.id}: ${row.missing}`)
    rows.push(row)
    if (subject.floor)
      floors.set(subject.floor.id, floors.get(subject.floor.id) ?? (await openFloor(subject.floor, env)))
  }
  const opened = [...rows, ...floors.values()]
  try {
    const samples = await runRounds(
      opened.flatMap(({ measures }) => measures),
      rounds,
      said,
    )
    const sorts = sortsOf(await sizesOf(subjects[0].ops, bytes, offsets))
    const out = []
    for (const subject of subjects) out.push(await figuresOf(subject, samples, bytes, offsets, sorts))
    return {
      date: new Date().toISOString().slice(0, 10),
      machine: {
        cores: cpus().length,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        load: [before, load()],
      },
      rounds,
      pages: {
        count: bytes.length / pageSize,
        sameFilled: bytes.length / pageSize - offsets.length,
        sorts: sorts.reduce((sum, sort) => sum.map((n, i) => n + Number(i === sort)), [0, 0, 0, 0]),
      },
      rows: out,
    }
  } finally {
    for (const { close } of opened) await close()
    rmSync(env.pagesFile)
  }
}

const load = () => Number(loadavg()[0]?.toFixed(1))

/** Pages to measure on, and others, between them, to train on. @param {Uint8Array} all @param {number} count */
function choosePages(all, count) {
  const total = Math.floor(all.length / pageSize)
  const stride = Math.max(2, Math.floor(total / count))
  const page = (/** @type {number} */ i) => all.subarray(i * pageSize, (i + 1) * pageSize)
  const bytes = new Uint8Array(Math.min(count, Math.floor(total / stride)) * pageSize)
  for (let i = 0; i * pageSize < bytes.length; i++) bytes.set(page(i * stride), i * pageSize)
  const step = Math.max(stride, Math.floor(total / trainingPages / stride) * stride)
  const training = []
  for (let i = stride >> 1; i < total && training.length < trainingPages; i += step) training.push(page(i))
  return { bytes, training }
}

/** @param {{ bytes: Uint8Array }} pages */
function environment(pages) {
  const cache = join(root, '.cache', 'bench')
  const pagesFile = join(cache, `levels-${process.pid}.bin`)
  mkdirSync(cache, { recursive: true })
  writeFileSync(pagesFile, pages.bytes, { mode: 0o600 })
  return { pages, pagesFile, cache, sources: join(root, 'apps/bench/c') }
}

/** @param {Uint8Array[]} training @returns {Promise<any[]>} lz4 at its default first */
async function allSubjects(training) {
  const { trainDictionary } = await built('packages/backend-zstd/dist/index.js')
  const all = []
  for (const ops of await backends()) {
    const { name, caps } = ops
    const standard = caps.levels === 'none' ? undefined : caps.levels.default
    for (const level of levels[name] ?? [standard]) {
      const id = level === undefined ? name : `${name}@${level}`
      const library = libraries[name]
      const floor = library && { id: level === undefined ? library : `${library}@${level}`, library, level: level ?? 1 }
      all.push({ id, name, level, isDefault: level === standard, ops: fixed(await software(ops), { level }), floor })
    }
    const maxBytes = dictionaries[name]
    if (maxBytes === undefined) continue
    const dict = trainDictionary(training, { maxBytes })
    const wrapped = fixed(await software(ops), { level: standard, dict })
    all.push({
      id: `${name}@${standard}+dict`,
      name,
      level: standard,
      dict: dict.length,
      isDefault: false,
      ops: wrapped,
    })
  }
  return all
}

/** The same backend without its device. @param {any} ops */
async function software(ops) {
  if (ops.caps.managed === 'none') return ops
  return (await import(ops.module.url))[ops.module.factory](ops.module.options)
}

/** @param {any} ops @param {{ level?: number | undefined, dict?: Uint8Array }} params */
function fixed(ops, { level, dict }) {
  const more = { ...(level === undefined ? {} : { level }), ...(dict ? { dict } : {}) }
  return { setupParams: (/** @type {object} */ params) => ops.setupParams({ ...params, ...more }) }
}

/** The benchmark's row has one name for all levels. @param {{ id: string, library: string, level: number }} floor @param {object} env */
async function openFloor({ id, library, level }, env) {
  const { cCodecRow } = await built('apps/bench/dist/rows/c-codec.js')
  const row = await cCodecRow(library, level).open(env)
  if ('missing' in row) throw new Error(`${id}: ${row.missing}`)
  const measures = row.measures.map((/** @type {any} */ each) => ({
    ...each,
    id: each.id.replace(`c/${library}/`, `c/${id}/`),
  }))
  return { ...row, measures }
}

/** @param {any} ops @param {Uint8Array} bytes @param {number[]} offsets @returns {Promise<number[]>} a page that is not compressed counts whole */
async function sizesOf(ops, bytes, offsets) {
  const setup = await ops.setupParams({ pageSize })
  const ctx = setup.createCtx()
  const sizes = offsets.map((at) => {
    ctx.input.set(bytes.subarray(at, at + pageSize))
    const wrote = ctx.compress(0, pageSize)
    return wrote > 0 && wrote < hugeSize ? wrote : pageSize
  })
  ctx[Symbol.dispose]()
  await setup[Symbol.asyncDispose]()
  return sizes
}

/** Memory is predicted for so many times the pages: of few, those that fill a zspage by half would count for much. */
const asIf = 64

/** From here on zsmalloc spends a whole page. */
const hugeSize = 3625

/** Sorts of pages by what lz4 makes of them: to a quarter, to half, less, not at all. @param {number[]} sizes */
function sortsOf(sizes) {
  return sizes.map((size) => (size <= 1024 ? 0 : size <= 2048 ? 1 : size < pageSize ? 2 : 3))
}

/** @param {any} subject @param {any} samples @param {Uint8Array} bytes @param {number[]} offsets @param {number[]} sorts @returns {Promise<Row>} */
async function figuresOf({ id, name, level, dict, isDefault, ops, floor }, samples, bytes, offsets, sorts) {
  const { predictKernel } = await built('packages/core/dist/index.js')
  const { spread } = await built('apps/bench/dist/rounds.js')
  const sizes = await sizesOf(ops, bytes, offsets)
  const { memUsed, comprDataSize, hugePages } = predictKernel(Array.from({ length: asIf }, () => sizes).flat())
  const meanBySort = [0, 1, 2, 3].map((sort) => {
    const of = sizes.filter((_, i) => sorts[i] === sort)
    return of.length === 0 ? 0 : Math.round(of.reduce((sum, size) => sum + size, 0) / of.length)
  })
  const list = (/** @type {string} */ key) =>
    samples.get(key).map((/** @type {any} */ { cpuNs, pages }) => cpuNs / pages)
  const both = (/** @type {(way: string) => number[]} */ values) =>
    /** @type {Both} */ (Object.fromEntries(['compress', 'decompress'].map((way) => [way, short(spread(values(way)))])))
  const ours = (/** @type {string} */ way) => list(`codec/${id}/${way}`)
  const theirs = (/** @type {string} */ way) => list(`c/${floor.id}/${way}`)
  return {
    backend: name,
    level: level ?? null,
    dict: dict ?? null,
    isDefault,
    stored: comprDataSize / asIf,
    held: memUsed / asIf,
    huge: hugePages / asIf,
    meanBySort,
    ns: both(ours),
    cNs: floor ? both(theirs) : null,
    overC: floor
      ? both((way) =>
          ours(way).map(
            (/** @type {number} */ ns, /** @type {number} */ i) => ns / /** @type {number} */ (theirs(way)[i]),
          ),
        )
      : null,
  }
}

/** @param {Spread} spread */
function short(spread) {
  const digits = (/** @type {number} */ n) => (n < 100 ? Number(n.toFixed(3)) : Math.round(n))
  return { median: digits(spread.median), min: digits(spread.min), max: digits(spread.max) }
}
