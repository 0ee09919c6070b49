/** Holds docs/invariants.md against the repository: every promise names a test, and every test that is named exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisesOf } from './lib/promises.mjs'
import { report, root } from './lib/workspace.mjs'

/** @typedef {import('./lib/promises.mjs').Promised} Promised */

const cases = { kit: 'packages/conformance/src', harness: 'apps/harness/src' }

/** @param {string} folder @returns {string} all the source below it */
function sources(folder) {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return files
    .flatMap((file) => (file.endsWith('.ts') ? [readFileSync(join(root, folder, file), 'utf8')] : []))
    .join('\n')
}

const text = { kit: sources(cases.kit), harness: sources(cases.harness) }

/** @param {Promised} promised */
function check({ references }) {
  if (references.length === 0) throw new Error('names no test')
  const wrong = references.flatMap((reference) => {
    if (reference.kind !== 'file') {
      const { kind, id } = reference
      return text[kind].includes(`'${id}'`) ? [] : [`no case ${id} in ${cases[kind]}`]
    }
    const { path, title } = reference
    const file = [join(root, 'packages', path), join(root, path)].find(existsSync)
    if (!file) return [`no file ${path}`]
    return title === undefined || readFileSync(file, 'utf8').includes(title) ? [] : [`no test "${title}" in ${path}`]
  })
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

const promises = promisesOf(readFileSync(join(root, 'docs', 'invariants.md'), 'utf8'))
await report(promises.map((promised) => ({ name: promised.name, check: () => check(promised) })))
