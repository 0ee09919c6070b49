/**
 * Runs the code of the READMEs and of docs. A fence marked `ts` or `js` is a whole program: it is compiled, strictly and against the
 * declarations as published, and it has to end by itself with exit code 0. What is not to be run is fenced otherwise.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fencesOf } from './lib/fences.mjs'
import { buildPackages } from './lib/turbo.mjs'
import { attempt, publishedPackages, report, root } from './lib/workspace.mjs'

const scratch = join(root, 'tooling', 'scripts', '.cache', 'readmes')
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

/** The settings that the root README names as needed, and everything that could find fault with our declarations. */
const compilerOptions = {
  target: 'es2022',
  lib: ['es2022', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  outDir: 'out',
  rootDir: '.',
}

/** @returns {string[]} documents, from the root of the workspace */
function documents() {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) =>
    join(root, 'docs', file),
  )
  const readmes = publishedPackages().map(({ dir }) => join(dir, 'README.md'))
  return [join(root, 'README.md'), ...docs.filter((file) => file.endsWith('.md')), ...readmes]
}

/** Packages by their published names, as `npm install` would lay them out. */
function link() {
  for (const { dir, manifest } of publishedPackages()) {
    const place = join(scratch, 'node_modules', manifest.name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(dir, place, 'junction')
  }
}

/** @param {string} document @returns {{ file: string, where: string }[]} the programs in it, written out */
function programs(document) {
  const where = relative(root, document).replaceAll('\\', '/')
  return fencesOf(readFileSync(document, 'utf8')).map(({ language, code, line }) => {
    const file = `${where.replace(/\.md$/, '').replaceAll('/', '-')}-${line}.${language}`
    writeFileSync(join(scratch, file), code)
    return { file, where: `${where}:${line}` }
  })
}

/** JavaScript runs as it stands: on Node 20 and 22 that means without `using`. @param {string} file */
function execute(file) {
  const program = file.endsWith('.ts') ? join('out', file.replace(/\.ts$/, '.js')) : file
  const { status, output } = attempt([process.execPath, program], { cwd: scratch })
  if (status !== 0) throw new Error(`ended with ${status}:\n${output}`)
}

buildPackages()
rmSync(scratch, { recursive: true, force: true })
mkdirSync(scratch, { recursive: true })
link()
const missing = documents().filter((document) => !existsSync(document))
const found = documents().filter(existsSync).flatMap(programs)
const files = found.map(({ file }) => file).filter((file) => file.endsWith('.ts'))
writeFileSync(join(scratch, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
await report([
  {
    name: 'every package has a README',
    check() {
      if (missing.length > 0) throw new Error(missing.map((document) => relative(root, document)).join('\n'))
    },
  },
  {
    name: `${files.length} programs in TypeScript compile`,
    check() {
      const { status, output } = attempt([process.execPath, tsc, '-p', scratch], { cwd: scratch })
      if (status !== 0) throw new Error(output)
    },
  },
  ...found.map(({ file, where }) => ({ name: where, check: () => execute(file) })),
])
