/**
 * The packages that `create-zcomp-backend` makes, each of them made, installed, built and judged by the kit as a stranger would do it: in an
 * empty folder, from a registry on loopback. Steps of the publication rehearsal, which has that registry.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, pnpm, readJson, run } from './lib/workspace.mjs'

const codes = ['js', 'wasm', 'native']
const kinds = ['sync', 'managed']

/**
 * @typedef {{ temp: string, npmrc: string, env: Record<string, string | undefined> }} Place
 * @param {Place} place where to work, and settings that lead to the registry
 * @returns {{ name: string, check: () => void, needed?: boolean }[]}
 */
export function generatorSteps(place) {
  const variants = codes.flatMap((code) => kinds.map((kind) => ({ code, kind })))
  return [
    ...variants.map(({ code, kind }) => ({
      name: `npm create zcomp-backend: ${code}, ${kind}`,
      check() {
        const dir = generate(place, [npm, 'create', '--yes', 'zcomp-backend', '--'], code, kind)
        run([npm, 'install', '--no-audit', '--no-fund'], { cwd: dir, env: place.env })
        judge(dir, place)
      },
    })),
    {
      name: 'pnpm create zcomp-backend',
      check: () => void generate(place, [...pnpm(), 'create', 'zcomp-backend'], 'js', 'sync', 'by-pnpm'),
    },
  ]
}

/**
 * @param {Place} place
 * @param {readonly string[]} command
 * @param {string} code
 * @param {string} kind
 * @returns {string} the folder of the package that was made
 */
function generate({ temp, npmrc, env }, command, code, kind, parent = `stranger-${code}-${kind}`) {
  const cwd = join(temp, parent)
  mkdirSync(cwd)
  writeFileSync(join(cwd, '.npmrc'), npmrc)
  const name = `their-${code}`
  run([...command, '--name', name, '--kind', kind, '--code', code], { cwd, env })
  const dir = join(cwd, `zcomp-backend-${name}`)
  const manifest = readJson(join(dir, 'package.json'))
  if (manifest.name !== `zcomp-backend-${name}`) throw new Error(`the package is called ${manifest.name}`)
  writeFileSync(join(dir, '.npmrc'), npmrc)
  return dir
}

/** Its own tests, of which there must be some; and what its author would publish. @param {string} dir @param {Place} place */
function judge(dir, { env }) {
  const said = run([npm, 'test'], { cwd: dir, env })
  const held = Number(/^(?:#|ℹ) pass (\d+)$/m.exec(said)?.[1] ?? 0)
  if (held < 50) throw new Error(`only ${held} tests ran:\n${said}`)
  const [packed] = JSON.parse(run([npm, 'pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: dir, env }))
  /** @type {string[]} */
  const files = packed.files.map((/** @type {{ path: string }} */ { path }) => path)
  for (const needed of ['dist/index.js', 'dist/index.d.ts', 'README.md', 'LICENSE']) {
    if (!files.includes(needed)) throw new Error(`${needed} would not be published, only:\n${files.join('\n')}`)
  }
}
