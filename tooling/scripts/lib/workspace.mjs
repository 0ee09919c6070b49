/** What the scripts know about the workspace: where it is, what it publishes, and how to run its tools. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the workspace. */
export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * @typedef {{ name: string, version: string, private?: boolean, dependencies?: Record<string, string>, [key: string]: unknown }} Manifest
 * @typedef {{ dir: string, manifest: Manifest }} Package
 */

/** @param {string} path @returns {any} */
export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/**
 * Packages that are published, by folder name.
 * @param {string} [from] the workspace, or a copy of it
 * @returns {Package[]}
 */
export function publishedPackages(from = root) {
  return readdirSync(join(from, 'packages'))
    .map((folder) => join(from, 'packages', folder))
    .filter((dir) => existsSync(join(dir, 'package.json')))
    .map((dir) => ({ dir, manifest: readJson(join(dir, 'package.json')) }))
    .filter(({ manifest }) => !manifest.private)
}

/**
 * Command line of the pnpm that runs us, or else of the version that package.json pins.
 * @returns {[string, ...string[]]}
 */
export function pnpm() {
  const { npm_execpath: path } = process.env
  if (path && /pnpm[^\\/]*\.c?js$/.test(path)) return [process.execPath, path]
  const version = readJson(join(root, 'package.json')).packageManager
  return [npx, '--yes', String(version).replace(/\+.*/, '')]
}

const windows = process.platform === 'win32'
export const npm = windows ? 'npm.cmd' : 'npm'
export const npx = windows ? 'npx.cmd' : 'npx'

/**
 * Runs a command to its end. Throws with everything that it printed where it fails.
 * @param {readonly string[]} command
 * @param {{ cwd?: string, env?: Record<string, string | undefined> }} [options]
 * @returns {string} what it printed on standard output
 */
export function run(command, options = {}) {
  const { status, output, stdout } = attempt(command, options)
  if (status !== 0) throw new Error(`${command.join(' ')}\nended with ${status}:\n${output}`)
  return stdout
}

/**
 * The same for a command that may fail.
 * @param {readonly string[]} command
 * @param {{ cwd?: string, env?: Record<string, string | undefined> }} [options]
 */
export function attempt([file, ...args], { cwd = root, env = {} } = {}) {
  const shell = windows && /** @type {string} */ (file).endsWith('.cmd')
  const done = spawnSync(/** @type {string} */ (file), args, {
    cwd,
    shell,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  })
  if (done.error) throw done.error
  return { status: done.status, stdout: done.stdout, output: done.stdout + done.stderr }
}

/**
 * Runs checks one after the other, prints a line for each, and sets the exit code if one failed. Those after a failed one that they
 * need are not tried, and count as failed.
 * @param {readonly { name: string, check: () => unknown, needed?: boolean }[]} checks
 */
export async function report(checks) {
  let held = 0
  let missing = ''
  for (const { name, check, needed } of checks) {
    const start = performance.now()
    try {
      if (missing !== '') throw new Error(`not tried without: ${missing}`)
      await check()
      held++
      console.log(`ok    ${name} (${seconds(start)})`)
    } catch (error) {
      console.log(
        `FAIL  ${name} (${seconds(start)})\n${indent(error instanceof Error ? error.message : String(error))}`,
      )
      if (needed && missing === '') missing = name
    }
  }
  console.log(`${held} held, ${checks.length - held} broke`)
  if (held < checks.length || held === 0) process.exitCode = 1
}

/** @param {number} start */
const seconds = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`
/** @param {string} text */
const indent = (text) => text.replace(/^/gm, '      ')
