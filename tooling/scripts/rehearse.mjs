/**
 * Rehearses a publication: versions, builds and publishes a copy of the workspace to a registry on loopback, then does what strangers
 * do, in empty folders with plain npm. Nothing leaves the machine. `node rehearse.mjs TEXT` runs the steps whose names contain it; what
 * they stand on (registry, versions, publication) always runs.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generatorSteps } from './generator-check.mjs'
import { copyWorkspace } from './lib/copy.mjs'
import { pack } from './lib/pack.mjs'
import { has, startRegistry } from './lib/registry.mjs'
import { npm, npx, pnpm, publishedPackages, readJson, report, root, run } from './lib/workspace.mjs'

const temp = mkdtempSync(join(tmpdir(), 'zcomp-rehearsal-'))
const copy = join(temp, 'copy')
/** What pnpm tells the scripts that it runs would override the settings of a project; what describes the machine stays. */
const foreign = Object.keys(process.env).filter(
  (key) => /^npm_/i.test(key) && !/proxy|cafile|strict_ssl|nodedir/i.test(key),
)
/** @type {Record<string, string | undefined>} */
const env = {
  ...Object.fromEntries(foreign.map((key) => [key, undefined])),
  npm_config_cache: join(temp, 'npm-cache'),
  npm_config_update_notifier: 'false',
}
const registry = await startRegistry(join(temp, 'registry'))
// A project's .npmrc only counts where npm finds the project's root, and a temporary folder may lie below somebody else's.
env.npm_config_registry = registry.url

/** @param {boolean} held @param {string} message */
function must(held, message) {
  if (!held) throw new Error(message)
}

/** Takes the pending changesets, as the release does. */
function version() {
  copyWorkspace(copy)
  run([...pnpm(), 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: copy })
  const before = new Map(publishedPackages(copy).map(({ manifest }) => [manifest.name, manifest]))
  run([...pnpm(), 'exec', 'changeset', 'version'], { cwd: copy })
  for (const { manifest } of publishedPackages(copy)) {
    const old = before.get(manifest.name)
    const first = old?.version === '0.0.0'
    must(
      !first || manifest.version === '0.1.0',
      `${manifest.name}: the first release is ${manifest.version}, not 0.1.0`,
    )
    const peers = JSON.stringify(manifest.peerDependencies)
    must(peers === JSON.stringify(old?.peerDependencies), `${manifest.name}: the release narrows its peers to ${peers}`)
  }
}

/** Builds and publishes all of the copy. Provenance needs the identity of a CI service, so it is left out here. */
async function publish() {
  const built = ['--filter=./packages/*', '--filter=@zcomp/harness']
  run([...pnpm(), 'run', 'build', ...built, '--output-logs=errors-only'], { cwd: copy })
  for (const { dir, manifest } of publishedPackages(copy)) {
    writeFileSync(
      join(dir, 'package.json'),
      JSON.stringify({ ...manifest, publishConfig: { access: 'public' } }, null, 2),
    )
  }
  const user = join(temp, 'user.npmrc')
  writeFileSync(user, registry.npmrc)
  for (const published of publishedPackages(copy)) {
    const { tarball, manifest } = pack(published, join(temp, 'published'))
    run([npm, 'publish', tarball, '--userconfig', user], { cwd: temp, env })
    must(await has(registry, manifest), `${manifest.name}@${manifest.version} is not in the registry`)
  }
}

/**
 * An empty project of a stranger, who installs something.
 * @param {string} name
 * @param {readonly string[]} packages
 * @returns {string} its folder
 */
function stranger(name, packages) {
  const dir = join(temp, name)
  mkdirSync(dir)
  writeFileSync(join(dir, '.npmrc'), registry.npmrc)
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ private: true }))
  cpSync(join(root, 'tooling/scripts/consumer'), dir, { recursive: true })
  run([npm, 'install', '--no-audit', '--no-fund', ...packages], { cwd: dir, env })
  return dir
}

let consumer = ''
/** @param {string} file */
const runs = (file) => () => run([process.execPath, file], { cwd: consumer, env })

/** @param {string} typescript an alias of the compiler */
function typeScript(typescript) {
  const settings = {
    target: 'es2022',
    lib: ['es2022', 'esnext.disposable'],
    module: 'nodenext',
    types: [],
    outDir: 'out',
  }
  const compilerOptions = { ...settings, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false }
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['device.ts'] }))
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({ ...readJson(join(consumer, 'package.json')), type: 'module' }),
  )
  run([process.execPath, `node_modules/${typescript}/bin/tsc`, '-p', '.'], { cwd: consumer })
  run([process.execPath, 'out/device.js'], { cwd: consumer })
}

/** A backend that somebody keeps elsewhere: its own tests through the kit, and the kit's command line. */
function outsideBackend() {
  const dir = join(temp, 'outside-backend')
  cpSync(join(copy, 'examples/outside-backend'), dir, { recursive: true })
  writeFileSync(join(dir, '.npmrc'), registry.npmrc)
  run([npm, 'install', '--no-audit', '--no-fund'], { cwd: dir, env })
  run([npm, 'test'], { cwd: dir, env })
  run([npx, 'zcomp-conformance', entry(dir)], { cwd: dir, env })
}

/** @param {string} dir */
function entry(dir) {
  const { exports, main } = readJson(join(dir, 'package.json'))
  const target = exports?.['.'] ?? exports ?? main ?? './index.js'
  return typeof target === 'string' ? target : (target.default ?? target.import)
}

function outsideInHarness() {
  const dir = join(temp, 'outside-backend')
  const backend = join(dir, entry(dir))
  const harness = join(copy, 'apps/harness/dist/main.js')
  run([process.execPath, harness, '--seed', '1', '--count', '256', '--backend', backend], { cwd: copy })
}

/** No registry of ours at all: two tarballs in an empty project. */
function fromTarballs() {
  const wanted = ['@zcomp/core', '@zcomp/conformance']
  const packages = publishedPackages(copy).filter(({ manifest }) => wanted.includes(manifest.name))
  const dir = stranger(
    'tarballs',
    packages.map((published) => pack(published, join(temp, 'packs')).tarball),
  )
  must(readdirSync(join(dir, 'node_modules/@zcomp')).length === 2, 'the kit brings more of ours than core')
  run([process.execPath, 'ten-lines-judged.mjs'], { cwd: dir })
}

const everything = () => publishedPackages(copy).map(({ manifest }) => manifest.name)
const compilers = ['typescript@~5.9.0', 'oldest-typescript@npm:typescript@~5.7.0']
const steps = [
  { name: 'changeset version takes every package to its release', check: version, needed: true },
  { name: 'every package is published', check: publish, needed: true },
  {
    name: 'npm install of everything in an empty folder',
    needed: true,
    check() {
      consumer = stranger('consumer', [...everything(), 'other-core@npm:@zcomp/core', ...compilers])
    },
  },
  { name: 'the example in CommonJS', check: runs('common.cjs') },
  { name: 'the example in JavaScript', check: runs('device.mjs') },
  { name: 'the example in TypeScript, declarations checked', check: () => typeScript('typescript') },
  { name: 'the example in the oldest TypeScript that we support', check: () => typeScript('oldest-typescript') },
  { name: 'two copies of core in one program', check: runs('two-cores.mjs') },
  { name: 'a backend for another version of the contract', check: runs('abi.mjs') },
  { name: 'a ten-line backend, judged in an empty project with two tarballs', check: fromTarballs },
  { name: "a stranger's backend, its tests and the kit's command", check: outsideBackend },
  { name: "the harness on the stranger's backend", check: outsideInHarness },
  ...generatorSteps({ temp, npmrc: registry.npmrc, env }),
]

const [text = ''] = process.argv.slice(2)
try {
  await report(steps.filter(({ name, needed }) => needed || name.includes(text)))
} finally {
  registry.stop()
  rmSync(temp, { recursive: true, force: true })
}
