/** Packs every published package and looks at what a stranger would get: publint, attw, manifests, files. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { pack } from './lib/pack.mjs'
import { buildPackages } from './lib/turbo.mjs'
import { attempt, publishedPackages, report } from './lib/workspace.mjs'

/** @typedef {import('./lib/pack.mjs').Pack} Pack */

const attw = join(
  dirname(createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json')),
  'dist/index.js',
)

/** What only makes sense inside the workspace. @param {Pack} pack */
function checkManifest({ manifest }) {
  const text = JSON.stringify(manifest, null, 1)
  const inside = text.split('\n').filter((line) => /"(workspace|catalog|link|file):/.test(line))
  if (inside.length > 0) throw new Error(`the packed manifest points into the workspace:\n${inside.join('\n')}`)
  for (const field of ['description', 'license', 'engines', 'exports', 'files']) {
    if (!(field in manifest)) throw new Error(`package.json has no ${field}`)
  }
}

/** @param {Pack} pack */
function checkFiles({ files }) {
  for (const needed of ['README.md', 'LICENSE', 'package.json']) {
    if (!files.includes(needed)) throw new Error(`${needed} is not in the pack`)
  }
  const ours = files.filter((file) => !file.startsWith('template/'))
  const strays = ours.filter((file) => /(^|\/)(test|tests|node_modules)\/|\.test\.|\.tsbuildinfo$|^src\//.test(file))
  if (strays.length > 0) throw new Error(`not for publication:\n${strays.join('\n')}`)
}

/** @param {Pack} pack */
async function checkExports({ tarball, manifest }) {
  const bytes = readFileSync(tarball)
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true })
  const found = messages.map((message) => formatMessage(message, pkg, { color: false }))
  if (found.length > 0) throw new Error(`publint on ${manifest.name}:\n${found.join('\n')}`)
}

/** @param {Pack} pack */
function checkTypes({ tarball }) {
  const { status, output } = attempt([
    process.execPath,
    attw,
    tarball,
    '--profile',
    'esm-only',
    '--no-color',
    '--no-emoji',
  ])
  if (status !== 0) throw new Error(output)
}

buildPackages()
const folder = mkdtempSync(join(tmpdir(), 'zcomp-packs-'))
const checks = publishedPackages().map((published) => ({
  name: published.manifest.name,
  async check() {
    const packed = pack(published, folder)
    checkManifest(packed)
    checkFiles(packed)
    await checkExports(packed)
    if ('exports' in packed.manifest) checkTypes(packed)
  },
}))
await report(checks)
rmSync(folder, { recursive: true, force: true })
