/** `node app.mjs harness --seed 1`: builds an app and what it needs, then runs it with the arguments that follow. `harness/soak`: its second program. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runTurbo } from './lib/turbo.mjs'
import { root } from './lib/workspace.mjs'

const [program, ...rest] = process.argv.slice(2)
const [app = '', part = ''] = String(program).split('/')
const args = rest[0] === '--' ? rest.slice(1) : rest
// All packages, since apps find backends by looking into the folder. An app may print JSON: what the build says goes to standard error.
process.exitCode = runTurbo(
  ['run', 'build', '--filter=./packages/*', `--filter=@zcomp/${app}`, '--output-logs=errors-only'],
  2,
)
if (process.exitCode === 0) {
  const main = join(root, 'apps', app, 'dist', part, 'main.js')
  process.exitCode = spawnSync(process.execPath, [main, ...args], { stdio: 'inherit' }).status ?? 1
}
