import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import releasePlan from '@changesets/assemble-release-plan'
import { read } from '@changesets/config'
import { getPackages } from '@manypkg/get-packages'
import { expect, test } from 'vitest'
import { publishedPackages, root } from '../lib/workspace.mjs'

// A CommonJS package: what it exports as default arrives one level deeper.
const assemble = /** @type {typeof releasePlan} */ (/** @type {any} */ (releasePlan).default ?? releasePlan)

/**
 * What a release would contain, were every package at `version` and these changes pending.
 * @param {string} version
 * @param {Record<string, 'patch' | 'minor' | 'major'>} changes
 * @param {boolean} [onlyUpdatePeerDependentsWhenOutOfRange] the setting under test; absent: as configured
 * @returns {Promise<Record<string, string>>} new version of each package that is released
 */
async function released(version, changes, onlyUpdatePeerDependentsWhenOutOfRange) {
  const packages = await getPackages(root)
  for (const { packageJson } of packages.packages) packageJson.version = version
  const config = await read(root, packages)
  const unsafe = config.___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH
  if (onlyUpdatePeerDependentsWhenOutOfRange !== undefined)
    Object.assign(unsafe, { onlyUpdatePeerDependentsWhenOutOfRange })
  const releases = Object.entries(changes).map(([name, type]) => ({ name, type }))
  const plan = assemble([{ id: 'a-change', summary: 'A change', releases }], packages, config, undefined)
  return Object.fromEntries(plan.releases.filter(({ type }) => type !== 'none').map((r) => [r.name, r.newVersion]))
}

test('a patch of core releases nothing else', async () => {
  expect(await released('0.1.0', { '@zcomp/core': 'patch' })).toEqual({ '@zcomp/core': '0.1.1' })
})

test('neither does a minor nor a major of core: the contract has a version of its own', async () => {
  expect(await released('0.1.0', { '@zcomp/core': 'minor' })).toEqual({ '@zcomp/core': '0.2.0' })
  expect(await released('1.4.2', { '@zcomp/core': 'major' })).toEqual({ '@zcomp/core': '2.0.0' })
})

test('without our setting a minor of core would be a major of every backend, so the tests above can fail', async () => {
  const plan = await released('0.1.0', { '@zcomp/core': 'minor' }, false)
  expect(plan).toMatchObject({ '@zcomp/core': '0.2.0', '@zcomp/backend-deflate': '1.0.0' })
})

test('a minor of the codecs patches the backends that have them as a dependency, and no others', async () => {
  const plan = await released('0.1.0', { '@zcomp/codecs': 'minor' })
  const users = publishedPackages().filter(({ manifest }) => '@zcomp/codecs' in (manifest.dependencies ?? {}))
  const expected = Object.fromEntries(users.map(({ manifest }) => [manifest.name, '0.1.1']))
  expect(users.length).toBeGreaterThan(0)
  expect(plan).toEqual({ ...expected, '@zcomp/codecs': '0.2.0' })
})

const folder = join(root, '.changeset')
const pending = readdirSync(folder)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n') }))

test('every changeset begins with the packages that it moves', () => {
  for (const { file, text } of pending) expect(text, file).toMatch(/^---\n('[\w@/-]+': (patch|minor|major)\n)+---\n/)
})

test('every published package that was never released is named by a changeset', () => {
  const unreleased = publishedPackages().filter(({ manifest }) => manifest.version === '0.0.0')
  const all = pending.map(({ text }) => text).join('\n')
  for (const { manifest } of unreleased) expect(all).toContain(`'${manifest.name}': minor`)
})
