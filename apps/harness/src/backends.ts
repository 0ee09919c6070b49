/** Finds the backends: those of the workspace, and those that the command line names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ZcompOps } from '@zcomp/core'

/** The kernel's algorithms, each of which the workspace has to have. */
const expected = ['lz4', 'lz4hc', 'lzo', 'lzo-rle', 'zstd', 'deflate', '842']

/** A backend that is judged. */
export interface Subject {
  readonly ops: ZcompOps
  /** How the command line names it. */
  readonly word: string
  /** The folder of its golden pages, where there is one. */
  readonly golden?: string
}

export interface Missing {
  readonly name: string
  readonly why: string
}

export interface Found {
  readonly backends: readonly Subject[]
  /** What should be there and is not: never passed over in silence. */
  readonly missing: readonly Missing[]
}

/** `wanted` holds names or paths of modules; empty means everything. */
export async function findBackends(root: string, wanted: readonly string[]): Promise<Found> {
  const here = await workspaceBackends(root)
  if (wanted.length === 0) return here
  const chosen = await Promise.all(wanted.map((word) => choose(word, here)))
  return { backends: chosen.flatMap(({ backends }) => backends), missing: chosen.flatMap(({ missing }) => missing) }
}

async function choose(word: string, here: Found): Promise<Found> {
  const named = here.backends.filter(({ ops }) => ops.name === word)
  if (named.length > 0) return { backends: named, missing: [] }
  if (/[./\\]/.test(word)) return fromModule(word, resolve(word))
  const why = here.missing.find(({ name }) => name === word)?.why
  const names = here.backends.map(({ ops }) => ops.name).join(', ')
  return { backends: [], missing: [{ name: word, why: why ?? `no such backend; there are: ${names || 'none'}` }] }
}

async function workspaceBackends(root: string): Promise<Found> {
  const folder = join(root, 'packages')
  const packages = readdirSync(folder).filter((name) => name.startsWith('backend-'))
  const found = await Promise.all(
    packages.map((name) => fromPackage(join(folder, name), name.slice('backend-'.length))),
  )
  const backends = found.flatMap((each) => each.backends).sort((a, b) => rank(a) - rank(b))
  const have = new Set(backends.map(({ ops }) => ops.name))
  const said = found.flatMap((each) => each.missing)
  const silent = expected.filter((name) => !have.has(name) && !said.some((each) => each.name === name))
  return { backends, missing: [...said, ...silent.map((name) => ({ name, why: 'no package exports it' }))] }
}

function rank({ ops }: Subject): number {
  const at = expected.indexOf(ops.name)
  return at < 0 ? expected.length : at
}

async function fromPackage(folder: string, name: string): Promise<Found> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const entry = join(folder, manifest.exports['.'].default)
  if (!existsSync(entry)) return { backends: [], missing: [{ name, why: `${manifest.name} is not built` }] }
  const { backends, missing } = await fromModule(name, entry)
  return { backends: backends.map(({ ops }) => ({ ops, word: ops.name, ...goldenIn(folder, ops.name) })), missing }
}

/** A package of several backends has a folder for each. */
function goldenIn(folder: string, name: string): { golden?: string } {
  const all = join(folder, 'golden')
  const golden = [join(all, name), all].find(
    (path) => existsSync(path) && readdirSync(path).some((file) => file.endsWith('.json')),
  )
  return golden === undefined ? {} : { golden }
}

/** Exports that are backends, or that make one when called without arguments and are named after it. */
async function fromModule(name: string, file: string): Promise<Found> {
  try {
    const exports: Record<string, unknown> = await import(pathToFileURL(file).href)
    const backends = new Map<string, ZcompOps>()
    for (const [key, value] of Object.entries(exports)) {
      const ops = isBackend(value) ? value : make(key, value)
      if (ops && !backends.has(ops.name)) backends.set(ops.name, ops)
    }
    if (backends.size > 0) return { backends: [...backends.values()].map((ops) => ({ ops, word: name })), missing: [] }
    return {
      backends: [],
      missing: [{ name, why: 'exports no backend, and no function that makes one when called without arguments' }],
    }
  } catch (error) {
    return {
      backends: [],
      missing: [{ name, why: `cannot be loaded: ${error instanceof Error ? error.message : error}` }],
    }
  }
}

/** Other exports may start things when called, so only `default` and functions that share the name of what they make are tried. */
function make(key: string, value: unknown): ZcompOps | undefined {
  if (typeof value !== 'function' || /^[A-Z]/.test(key)) return undefined
  if (/^(create|accelerator|accelerate|define|describe)/.test(key)) return undefined
  try {
    const made: unknown = value()
    if (!isBackend(made)) return undefined
    const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')
    return key === 'default' || plain(key).includes(plain(made.name)) ? made : undefined
  } catch {
    return undefined
  }
}

function isBackend(value: unknown): value is ZcompOps {
  return typeof value === 'object' && value !== null && 'abi' in value && 'setupParams' in value
}
