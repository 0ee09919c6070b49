/** Packed packages, as a registry would get them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, root, run } from './workspace.mjs'

/**
 * @typedef {import('./workspace.mjs').Package} Package
 * @typedef {import('./workspace.mjs').Manifest} Manifest
 * @typedef {{ tarball: string, files: string[], manifest: Manifest }} Pack
 */

/**
 * @param {Package} from
 * @param {string} folder where the tarball goes
 * @returns {Pack}
 */
export function pack({ dir }, folder) {
  mkdirSync(folder, { recursive: true })
  const answer = run([...pnpm(), 'pack', '--json', '--pack-destination', folder], { cwd: dir })
  const { filename } = JSON.parse(answer.slice(answer.indexOf('{')))
  return read(join(folder, String(filename).split(/[\\/]/).at(-1) ?? ''))
}

/** @param {string} tarball @returns {Pack} */
function read(tarball) {
  const files = run(['tar', '-tzf', tarball]).trim().split(/\r?\n/)
  const manifest = JSON.parse(run(['tar', '-xzOf', tarball, 'package/package.json'], { cwd: root }))
  return { tarball, files: files.map((file) => file.replace(/^package\//, '')), manifest }
}
