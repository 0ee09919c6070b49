/** Finds the backends that a module exports. */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ZcompOps } from '@zcomp/core'
import type { Subject } from './types.js'

export interface Loaded {
  /** Of the export. */
  readonly name: string
  readonly ops: ZcompOps
  /** Made anew for each case where the export is a function. */
  readonly subject: Subject
}

/**
 * `module`: a path, a `file:` URL or the name of a package, seen from the working directory. Functions are called without arguments,
 * and those that do not return a backend are left out, as are classes; `name` picks one export, whose failure is then told.
 */
export async function loadBackends(module: string, name?: string): Promise<Loaded[]> {
  const exports = (await import(locate(module))) as Record<string, unknown>
  const loaded: Loaded[] = []
  const seen = new Set<unknown>()
  for (const [key, value] of Object.entries(exports)) {
    if ((name !== undefined && key !== name) || seen.has(value)) continue
    seen.add(value)
    const one = isOps(value)
      ? { name: key, ops: value, subject: value }
      : await fromFunction(key, value, name !== undefined)
    if (one) loaded.push(one)
  }
  return loaded
}

async function fromFunction(name: string, value: unknown, told: boolean): Promise<Loaded | undefined> {
  if (typeof value !== 'function' || /^class\b/.test(Function.prototype.toString.call(value))) return undefined
  const make = value as () => ZcompOps | Promise<ZcompOps>
  try {
    const ops = await make()
    return isOps(ops) ? { name, ops, subject: make } : undefined
  } catch (error) {
    if (told) throw error
    return undefined
  }
}

/** Looks like a backend; whether it is one is for the cases to say. */
function isOps(value: unknown): value is ZcompOps {
  return typeof value === 'object' && value !== null && 'abi' in value && 'setupParams' in value
}

function locate(module: string): string {
  if (/^[a-z]{2,}:/.test(module)) return module
  if (/^[./\\]|^[a-zA-Z]:|\.[cm]?[jt]s$/.test(module)) return pathToFileURL(resolve(module)).href
  const require = createRequire(pathToFileURL(resolve('package.json')))
  return pathToFileURL(require.resolve(module)).href
}
