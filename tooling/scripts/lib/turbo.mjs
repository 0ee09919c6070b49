/** Turbo without telemetry: package scripts cannot set a variable on every platform, this can. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { root } from './workspace.mjs'

/**
 * Runs turbo to its end. It looks for pnpm on the PATH, where every script that pnpm runs finds it.
 * @param {readonly string[]} args
 * @param {'inherit' | 2} stdout 2 (standard error) where standard output belongs to what runs afterwards
 * @returns {number} exit code
 */
export function runTurbo(args, stdout = 'inherit') {
  const turbo = join(dirname(createRequire(join(root, 'package.json')).resolve('turbo/package.json')), 'bin', 'turbo')
  const { status, error } = spawnSync(process.execPath, [turbo, ...args], {
    cwd: root,
    stdio: ['inherit', stdout, 'inherit'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  })
  if (error) throw error
  return status ?? 1
}

/** Builds everything that is published. A script that needs it ends here where it does not build. */
export function buildPackages() {
  const code = runTurbo(['run', 'build', '--filter=./packages/*', '--output-logs=errors-only'], 2)
  if (code !== 0) process.exit(code)
}
