/**
 * Loads this package's own source files so that an explorer can hold them in its hand: private names become ordinary ones, so that
 * states can be compared; `Atomics` and `Promise` become the explorer's, so that each operation on shared memory is a step of its own, and
 * nothing happens by itself; shared memory is ordinary memory, which costs less to make. Apart from that, and from mutations that are asked for, it is the code as it is.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as core from '@zcomp/core'
import ts from 'typescript'

/** A change that breaks the code on purpose. The text must occur in the file once. */
export interface Mutation {
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface OpenCode {
  /** What a file of `src` exports. */
  load(file: string): Record<string, unknown>
}

const root = fileURLToPath(new URL('../../src', import.meta.url))
/** What `#` of a private name becomes. */
const opened = 'private_'
const transpiled = new Map<string, string>()

export function openCode(globals: Readonly<Record<string, unknown>>, mutation?: Mutation): OpenCode {
  const modules = new Map<string, Record<string, unknown>>()
  const names = Object.keys(globals)
  const load = (path: string): Record<string, unknown> => {
    const known = modules.get(path)
    if (known) return known
    const exports: Record<string, unknown> = {}
    modules.set(path, exports)
    const require = (wanted: string): unknown => {
      if (wanted === '@zcomp/core') return core
      if (!wanted.startsWith('.')) throw new Error(`${path} imports ${wanted}, which the explorer does not give`)
      return load(resolve(dirname(path), wanted.replace(/\.js$/, '.ts')))
    }
    const run = new Function('exports', 'require', ...names, compile(path, mutation))
    run(exports, require, ...names.map((name) => globals[name]))
    return exports
  }
  return { load: (file) => load(resolve(root, file)) }
}

function compile(path: string, mutation: Mutation | undefined): string {
  const mutated = mutation && path === resolve(root, mutation.file) ? mutation : undefined
  if (!mutated) {
    const known = transpiled.get(path)
    if (known !== undefined) return known
  }
  const text = readFileSync(path, 'utf8')
  const code = transpile(mutated ? mutate(text, mutated) : text)
  if (!mutated) transpiled.set(path, code)
  return code
}

function mutate(text: string, { file, from, to }: Mutation): string {
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold once what is to be mutated: ${from}`)
  return text.replace(from, to)
}

/** To a language without `async`: then its promises are those that are given. */
function transpile(text: string): string {
  const source = text.replaceAll(/#(?=[a-zA-Z])/g, opened).replaceAll('import.meta.url', "'file:///explored/'")
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2016, module: ts.ModuleKind.CommonJS, removeComments: true },
  })
  return outputText
}
