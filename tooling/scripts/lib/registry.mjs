/** A real registry on loopback, for as long as a rehearsal lasts. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { npm, run } from './workspace.mjs'

/** @typedef {{ url: string, npmrc: string, stop(): void }} Registry `npmrc` has the registry and a token that may publish */

/**
 * Our packages live here alone; everything else comes from the registry that this machine is set up for.
 * @param {string} folder
 * @returns {Promise<Registry>}
 */
export async function startRegistry(folder) {
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(settings(folder), null, 2))
  const bin = join(dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')), 'bin', 'verdaccio')
  const child = spawn(
    process.execPath,
    [bin, '--config', join(folder, 'config.yaml'), '--listen', `http://127.0.0.1:${port}`],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const url = `http://127.0.0.1:${port}/`
  await answers(`${url}-/ping`, child)
  const npmrc = `registry=${url}\n//127.0.0.1:${port}/:_authToken=${await token(url)}\n`
  return { url, npmrc, stop: () => child.kill() }
}

/** JSON is YAML too. @param {string} folder */
function settings(folder) {
  const upstream = run([npm, 'config', 'get', 'registry'], { cwd: folder }).trim()
  return {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: { upstream: { url: upstream, timeout: '60s', maxage: '30m', max_fails: 100 } },
    packages: {
      '@zcomp/*': { access: '$all', publish: '$authenticated' },
      'create-zcomp-backend': { access: '$all', publish: '$authenticated' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    log: { type: 'stdout', level: 'fatal' },
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Commands that block this process let a connection that is kept go stale. */
const closing = { headers: { connection: 'close' } }

/**
 * @param {Registry} registry
 * @param {import('./workspace.mjs').Manifest} manifest
 * @returns {Promise<boolean>} whether this version is there
 */
export async function has({ url }, { name, version }) {
  return (await fetch(`${url}${name}/${version}`, closing)).ok
}

/** @param {string} url @param {import('node:child_process').ChildProcess} child */
async function answers(url, child) {
  for (let tries = 0; tries < 150; tries++) {
    if (child.exitCode !== null) throw new Error(`the registry ended with ${child.exitCode}`)
    const ok = await fetch(url, closing).then(
      (response) => response.ok,
      () => false,
    )
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  child.kill()
  throw new Error(`the registry does not answer on ${url}`)
}

/** A user who exists as long as the registry. @param {string} url @returns {Promise<string>} */
async function token(url) {
  const user = { name: 'rehearsal', password: `throw-away-${Math.random()}` }
  const response = await fetch(`${url}-/user/org.couchdb.user:${user.name}`, {
    method: 'PUT',
    headers: { ...closing.headers, 'content-type': 'application/json' },
    body: JSON.stringify(user),
  })
  const answer = /** @type {{ token?: unknown }} */ (await response.json())
  if (typeof answer.token !== 'string') throw new Error(`no token from the registry: ${JSON.stringify(answer)}`)
  return answer.token
}
