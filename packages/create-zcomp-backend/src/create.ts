/**
 * The template is plain folders that lie over each other: `common`, then the one for the code, then `managed` where that is wanted. A
 * file of a later folder replaces the earlier one of the same path, but for two: `package.json` are merged, and `README.md` joined.
 *
 * An underscore before a name is dropped (`_package.json`, `_.gitignore`): packing a package leaves some names out, and tools take
 * others for their own. `__name__` and the like stand for the answers, in file contents only.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Answers, checkChoice, checkName, codes, factoryName, kinds, packageName, Refusal } from './answers.js'

const templates = fileURLToPath(new URL('../template/', import.meta.url))

/**
 * Writes the package into `dir`, which is made if it is not there, and answers the paths of its files, sorted. Throws a `Refusal` for
 * a bad name, an unknown kind or code, and for a folder that has something in it.
 */
export function createBackend(dir: string, answers: Answers): string[] {
  const { name } = answers
  checkName(name)
  checkChoice('kind', answers.kind, kinds)
  checkChoice('code', answers.code, codes)
  refuseUnlessEmpty(dir)
  const files = overlay(answers)
  for (const [path, text] of files) {
    const target = join(dir, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, fill(text, name))
  }
  return [...files.keys()].sort()
}

/** A folder with nothing but a fresh repository in it counts as empty. */
function refuseUnlessEmpty(dir: string): void {
  let found: string[]
  try {
    found = readdirSync(dir).filter((file) => file !== '.git')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return
    throw new Refusal(code === 'ENOTDIR' ? `${dir} is a file, not a folder` : `${dir} cannot be read: ${code}`)
  }
  if (found.length > 0)
    throw new Refusal(`${dir} is not empty: it has ${found.slice(0, 3).join(', ')}${found.length > 3 ? ', …' : ''}`)
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error)
}

/** Files by their path in the package, with `/` between folders. */
function overlay({ kind, code }: Answers): Map<string, string> {
  const files = new Map<string, string>()
  for (const folder of ['common', code, ...(kind === 'managed' ? ['managed'] : [])]) {
    for (const [path, text] of readFolder(join(templates, folder))) {
      // The software form is all there is of a backend that lends no streams.
      const place = kind === 'sync' && path === 'src/software.ts' ? 'src/index.ts' : path
      files.set(place, combined(place, files.get(place), text))
    }
  }
  return files
}

function readFolder(folder: string): [path: string, text: string][] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [placeOf(relative(folder, file)), readFileSync(file, 'utf8')])
}

function placeOf(path: string): string {
  return path
    .split(sep)
    .map((part) => part.replace(/^_/, ''))
    .join('/')
}

function combined(path: string, before: string | undefined, text: string): string {
  if (before === undefined) return text
  if (path === 'README.md') return `${before}\n${text}`
  if (path === 'package.json') return `${JSON.stringify(merged(JSON.parse(before), JSON.parse(text)), undefined, 2)}\n`
  return text
}

type Json = { [key: string]: unknown }

/** Objects are merged, and what is new in them sorted in; anything else replaces. */
function merged(before: Json, over: Json): Json {
  const all: Json = { ...before }
  for (const [key, value] of Object.entries(over)) {
    const old = all[key]
    all[key] = isObject(old) && isObject(value) ? sorted(merged(old, value)) : value
  }
  return all
}

function sorted(object: Json): Json {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fill(text: string, name: string): string {
  const values: Record<string, string> = {
    name,
    factory: factoryName(name),
    package: packageName(name),
    year: String(new Date().getFullYear()),
  }
  return text.replace(/__([a-z]+)__/g, (whole, key: string) => values[key] ?? whole)
}
