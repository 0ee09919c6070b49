import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Code, codes, createBackend, type Kind, kinds } from '../src/index.js'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'zcomp-create-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const read = (path: string): string => readFileSync(join(dir, path), 'utf8')
const make = (kind: Kind, code: Code, name = 'my-lz'): string[] => createBackend(dir, { name, kind, code })

describe.each(kinds.flatMap((kind) => codes.map((code) => ({ kind, code }))))('$code, $kind', ({ kind, code }) => {
  it('has what a package needs, and no token left', () => {
    const files = make(kind, code)
    for (const file of [
      'package.json',
      'tsconfig.json',
      'README.md',
      'LICENSE',
      '.gitignore',
      '.github/workflows/ci.yml',
    ]) {
      expect(files).toContain(file)
    }
    for (const file of files) expect(read(file), file).not.toMatch(/__[a-z]+__/)
  })

  it('is a peer of core, and ready to publish', () => {
    make(kind, code)
    const manifest = JSON.parse(read('package.json'))
    expect(manifest.name).toBe('zcomp-backend-my-lz')
    expect(manifest.peerDependencies).toEqual({ '@zcomp/core': '>=0.1.0' })
    expect(manifest.publishConfig).toEqual({ access: 'public' })
    expect(manifest.keywords).toContain('zcomp-backend')
    expect(manifest.scripts.test).toContain('node --test')
    expect('@zcomp/accelerator' in (manifest.dependencies ?? {})).toBe(kind === 'managed')
    expect('snappy' in (manifest.dependencies ?? {})).toBe(code === 'native')
    expect('assemblyscript' in manifest.devDependencies).toBe(code === 'wasm')
  })

  it('exports a factory of its name, judged by the kit', () => {
    make(kind, code)
    expect(read('src/index.ts')).toContain('export const myLz = (): ZcompOps =>')
    expect(read('test/conformance.js')).toContain('describeBackend(myLz()')
    expect(existsSync(join(dir, 'src/software.ts'))).toBe(kind === 'managed')
    expect(existsSync(join(dir, 'test/software.js'))).toBe(kind === 'managed')
    const software = read(kind === 'managed' ? 'src/software.ts' : 'src/index.ts')
    expect(software).toContain("module: { url: import.meta.url, factory: 'myLz', options: {} }")
    expect(software).toContain("name: 'my-lz'")
  })

  it('says in its README what there is', () => {
    make(kind, code)
    expect(read('README.md')).toContain("import { myLz } from 'zcomp-backend-my-lz'")
    expect(read('README.md').includes('## Managed streams')).toBe(kind === 'managed')
    expect(read('README.md').match(/^## The codec$/gm)).toHaveLength(1)
  })
})

describe('refusals', () => {
  it.each([
    ['', 'must be lower-case'],
    ['My-LZ', 'must be lower-case'],
    ['9z', 'a letter first'],
    ['a--b', 'single hyphens'],
    ['a/b', 'must be lower-case'],
    ['../up', 'must be lower-case'],
    ['x'.repeat(61), 'at most 60'],
    ['zcomp-backend-lz', 'must not begin with'],
    ['default', 'cannot name a function'],
    ['define-backend', 'cannot name a function'],
  ])('the name %j is refused by name', (name, why) => {
    expect(() => make('sync', 'js', name)).toThrow(why)
    expect(() => make('sync', 'js', name)).toThrow(JSON.stringify(name))
    expect(existsSync(join(dir, 'package.json'))).toBe(false)
  })

  it('kind and code that there are not', () => {
    expect(() => make('async' as Kind, 'js')).toThrow('--kind must be sync, managed, not "async"')
    expect(() => make('sync', 'rust' as Code)).toThrow('--code must be js, wasm, native, not "rust"')
  })

  it('a folder that has something in it, which stays as it is', () => {
    writeFileSync(join(dir, 'mine.txt'), 'mine')
    expect(() => make('sync', 'js')).toThrow('is not empty: it has mine.txt')
    expect(existsSync(join(dir, 'package.json'))).toBe(false)
    expect(read('mine.txt')).toBe('mine')
  })

  it('a file where the folder should be', () => {
    writeFileSync(join(dir, 'file'), '')
    expect(() => createBackend(join(dir, 'file'), { name: 'a', kind: 'sync', code: 'js' })).toThrow('not a folder')
  })

  it('but not a fresh repository, nor folders that are not there yet', () => {
    mkdirSync(join(dir, '.git'))
    expect(make('sync', 'js')).toContain('package.json')
    expect(createBackend(join(dir, 'a', 'b'), { name: 'a', kind: 'sync', code: 'js' })).toContain('package.json')
  })
})
