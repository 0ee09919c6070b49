import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { main } from '../src/main.js'

let cwd = ''
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'zcomp-create-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

interface Ran {
  readonly code: number
  readonly said: string
}

/** Runs the command; `typed` are the lines of somebody at a terminal, each given when a question waits for it. */
async function run(argv: readonly string[], typed?: readonly string[], agent?: string): Promise<Ran> {
  const input = new PassThrough()
  const output = new PassThrough()
  const waiting = [...(typed ?? [])]
  let said = ''
  output.on('data', (data: Buffer) => {
    said += data
    if (!/(: |\] )$/.test(String(data)) || typed === undefined) return
    const line = waiting.shift()
    if (line === undefined) input.end()
    else input.write(`${line}\n`)
  })
  const code = await main(argv, { input, output, cwd, interactive: typed !== undefined, agent })
  await new Promise((resolve) => setImmediate(resolve))
  return { code, said }
}

const manifest = (folder: string): { name: string; dependencies?: object } =>
  JSON.parse(readFileSync(join(cwd, folder, 'package.json'), 'utf8'))

describe('flags', () => {
  it('answer everything', async () => {
    const { code, said } = await run(['--name', 'my-lz', '--kind', 'managed', '--code', 'native', 'there'])
    expect(code).toBe(0)
    expect(said).toContain('cd there\n  npm install\n  npm test\n')
    expect(manifest('there').name).toBe('zcomp-backend-my-lz')
    expect(Object.keys(manifest('there').dependencies ?? {})).toEqual(['@zcomp/accelerator', 'snappy'])
  })

  it('the folder is named after the package unless it is given', async () => {
    expect((await run(['--name=my-lz', '--kind=sync', '--code=js'])).code).toBe(0)
    expect(readdirSync(cwd)).toEqual(['zcomp-backend-my-lz'])
  })

  it('--yes takes the name from the folder, and the plainest of the rest', async () => {
    expect((await run(['--yes', 'zcomp-backend-tiny'])).code).toBe(0)
    expect(manifest('zcomp-backend-tiny').name).toBe('zcomp-backend-tiny')
    expect(manifest('zcomp-backend-tiny').dependencies).toBeUndefined()
    expect((await run(['--yes', 'tiny', '--code', 'wasm'])).code).toBe(0)
    expect(existsSync(join(cwd, 'tiny/assembly/codec.ts'))).toBe(true)
  })

  it('names the package manager that runs it', async () => {
    expect((await run(['-y', 'tiny'], undefined, 'pnpm/10.34.8 npm/? node/v20')).said).toContain('pnpm install')
  })

  it('--help', async () => {
    const { code, said } = await run(['--help'])
    expect(code).toBe(0)
    expect(said).toContain('--kind sync|managed')
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('refusals, with exit code 2 and nothing written', () => {
  it.each([
    [['--name', 'No'], '--name "No"'],
    [['--yes', '--name', 'a', '--kind', 'x'], '--kind must be sync, managed, not "x"'],
    [['--yes', '--name', 'a', '--code', 'x'], '--code must be js, wasm, native, not "x"'],
    [['--nmae', 'a'], "Unknown option '--nmae'"],
    [['--name'], '--name'],
    [['a', 'b', '--yes'], 'one folder at most, not a and b'],
    [['--yes'], '--yes needs --name NAME or a folder'],
    [['--yes', 'Bad Folder'], '--name "Bad Folder"'],
    [['--name', 'a'], 'nobody is here to ask: give --kind, --code, or --yes'],
  ])('%j', async (argv, why) => {
    const { code, said } = await run(argv)
    expect(said).toContain(why)
    expect(code).toBe(2)
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('questions', () => {
  it('ask for what flags leave open, and again after a wrong answer', async () => {
    const { code, said } = await run(['--code', 'js'], ['My LZ', 'my-lz', 'both', 'managed'])
    expect(said).toContain('--name "My LZ" must be')
    expect(said).toContain('--kind must be sync, managed, not "both"')
    expect(said).not.toContain('native code?')
    expect(code).toBe(0)
    expect(Object.keys(manifest('zcomp-backend-my-lz').dependencies ?? {})).toEqual(['@zcomp/accelerator'])
  })

  it('an empty answer takes the first choice', async () => {
    expect((await run([], ['my-lz', '', ''])).code).toBe(0)
    expect(existsSync(join(cwd, 'zcomp-backend-my-lz/src/codec.ts'))).toBe(true)
    expect(existsSync(join(cwd, 'zcomp-backend-my-lz/src/software.ts'))).toBe(false)
  })

  it('an input that ends before is a refusal, not a wait', async () => {
    const { code, said } = await run([], ['my-lz'])
    expect(said).toContain('the input ended before all was answered')
    expect(code).toBe(2)
    expect(readdirSync(cwd)).toEqual([])
  })
})
