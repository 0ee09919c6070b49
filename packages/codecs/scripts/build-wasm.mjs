/**
 * Compiles every `assembly/<name>.entry.ts` and writes `src/generated/<name>.ts`, which exports the module as base64 text: no file is
 * read at run time, so the codecs work in a browser and in a bundle. An entry is compiled again only if one of its sources, the
 * options or the compiler have changed; the first line of the output remembers for what it was made.
 *
 * `node scripts/build-wasm.mjs [name...]`; as a `globalSetup` of vitest it does the same before the tests.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const assembly = resolve(root, 'assembly')
const generated = resolve(root, 'src/generated')
const suffix = '.entry.ts'

// No assertions and raw pointers: a decoder checks every length itself, which is what the fuzzer holds it to.
const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--enable', 'simd']

/** The entry and all that it imports, by path, each file once. */
async function sourcesOf(file, seen = new Map()) {
  if (seen.has(file)) return seen
  const text = await readFile(file, 'utf8')
  seen.set(file, text)
  for (const [, target] of text.matchAll(/\bfrom\s+'(\.[^']+)'/g)) {
    await sourcesOf(resolve(dirname(file), `${target}.ts`), seen)
  }
  return seen
}

async function fingerprint(entry) {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json')
  const hash = createHash('sha256').update(JSON.stringify([version, options]))
  for (const text of (await sourcesOf(entry)).values()) hash.update(text).update('\0')
  return hash.digest('hex')
}

async function compile(entry) {
  const { default: asc } = await import('assemblyscript/asc')
  const base = resolve(generated, '.build')
  let wasm
  const { error, stderr } = await asc.main([entry, ...options, '--baseDir', '/', '--outFile', `${base}.wasm`], {
    writeFile: (_name, contents) => {
      wasm = contents
    },
  })
  if (error) throw new Error(`${entry}: ${error.message}\n${stderr.toString()}`)
  return wasm
}

async function build(name) {
  const entry = resolve(assembly, name + suffix)
  const output = resolve(generated, `${name}.ts`)
  const mark = `// Made by scripts/build-wasm.mjs from ${name}${suffix}, ${await fingerprint(entry)}\n`
  const before = await readFile(output, 'utf8').catch(() => '')
  if (before.startsWith(mark)) return
  const wasm = await compile(entry)
  const text = Buffer.from(wasm).toString('base64')
  // Renamed into place, so that a build beside this one never sees half a file.
  const draft = `${output}.${process.pid}`
  await writeFile(draft, `${mark}export const wasm: string =\n  '${text}'\n`)
  await rename(draft, output)
  console.log(`${name}: ${wasm.length} bytes of wasm`)
}

async function entries() {
  const files = await readdir(assembly)
  return files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length))
}

/** Builds the named entries, or all. */
export async function buildWasm(names = []) {
  await mkdir(generated, { recursive: true })
  for (const name of names.length > 0 ? names : await entries()) await build(name)
}

export const setup = () => buildWasm()

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWasm(process.argv.slice(2))
