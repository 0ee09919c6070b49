/**
 * Golden pages: what an earlier version wrote, so that yesterday's pages decode tomorrow. A golden file is JSON, one per set of
 * parameters. Pages are named by how `makePage` makes them, with a checksum that tells a changed generator from a changed codec.
 */
import type { ZcompOps, ZcompParams } from '@zcomp/core'
import { tryPress } from './codec.js'
import { makePage, type PageKind, pageKinds } from './pages.js'
import { hash } from './random.js'

export interface Golden {
  readonly format: string
  readonly params: {
    readonly pageSize: number
    readonly level?: number
    readonly winbits?: number
    readonly dict?: PageName
  }
  readonly pages: readonly GoldenPage[]
}

/** A page, or a dictionary, by its recipe. */
export interface PageName {
  readonly kind: PageKind
  readonly size: number
  readonly seed: number
}

export interface GoldenPage extends PageName {
  /** FNV-1a (32 bits) of the page. */
  readonly hash: number
  /** The compressed page in base64. */
  readonly bytes: string
}

export function pageOf({ kind, size, seed }: PageName): Uint8Array<ArrayBuffer> {
  return makePage(kind, size, seed)
}

/** The parameters with the dictionary made. */
export function goldenParams({ params }: Golden): ZcompParams {
  const { dict, ...rest } = params
  return dict ? { ...rest, dict: pageOf(dict) } : rest
}

export function goldenBytes({ bytes }: GoldenPage): Uint8Array {
  return Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0))
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** What `ops` writes now, of every kind of page that it does not decline: keep it, and never make it again. */
export async function makeGolden(ops: ZcompOps, params: Golden['params'], seed: number = 1): Promise<Golden> {
  const unbound: Golden = { format: ops.format, params, pages: [] }
  const setup = await ops.setupParams(goldenParams(unbound))
  if ('refused' in setup) throw new TypeError(`${ops.name} refuses ${setup.refused}: ${setup.why}`)
  const ctx = setup.createCtx()
  try {
    const names = pageKinds.map((kind) => ({ kind, size: params.pageSize, seed }))
    const pages = names.flatMap((name): GoldenPage[] => {
      const page = pageOf(name)
      const bytes = tryPress(ctx, page, `a ${name.kind} page`)
      return bytes ? [{ ...name, hash: hash(page), bytes: base64(bytes) }] : []
    })
    return { ...unbound, pages }
  } finally {
    ctx[Symbol.dispose]()
    await setup[Symbol.asyncDispose]()
  }
}

/** One set of parameters for each thing that a backend claims: defaults, the ends of its ranges, a dictionary, its largest page. */
export function goldenParamSets({ caps }: ZcompOps): Map<string, Golden['params']> {
  const { levels, dict, winbits, pageSizes } = caps
  const pageSize = Math.min(Math.max(4096, pageSizes.min), pageSizes.max)
  const sets = new Map<string, Golden['params']>([['default', { pageSize }]])
  if (levels !== 'none') {
    sets.set('level-min', { pageSize, level: levels.min })
    sets.set('level-max', { pageSize, level: levels.max })
  }
  if (winbits !== 'none') sets.set('winbits-min', { pageSize, winbits: winbits.min })
  if (dict !== 'none') {
    const size = Math.min(4096, dict.maxBytes)
    sets.set('dict', { pageSize, dict: { kind: 'text', size, seed: 9 } })
  }
  return sets
}

/** Reads every `*.json` of a folder, in order of name. Needs Node. */
export async function readGolden(folder: string | URL): Promise<Golden[]> {
  const { readdir, readFile } = await import('node:fs/promises')
  const { join } = await import('node:path')
  const { fileURLToPath } = await import('node:url')
  const path = folder instanceof URL || folder.startsWith('file:') ? fileURLToPath(folder) : folder
  const files = (await readdir(path)).filter((name) => name.endsWith('.json')).sort()
  if (files.length === 0) throw new TypeError(`golden: no *.json in ${path}`)
  return Promise.all(files.map(async (name) => JSON.parse(await readFile(join(path, name), 'utf8')) as Golden))
}
