import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { harness } from '../src/cli.js'
import { gatherMade } from './made-pages.js'
import { sink } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'harness-'))
const pagesFile = join(folder, 'pages.bin')
writeFileSync(pagesFile, gatherMade(64).bytes)
afterAll(() => rmSync(folder, { recursive: true }))

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url))

async function run(...argv: string[]): Promise<{ code: number; text: string }> {
  const out = sink()
  const code = await harness(['--pages', pagesFile, ...argv], out)
  return { code, text: out.text }
}

describe('harness', () => {
  it('answers 0 where everything holds, and says so in all its reports', async () => {
    const json = join(folder, 'rows.json')
    const junit = join(folder, 'rows.xml')
    const { code, text } = await run(
      '--backend',
      fixture('healthy'),
      '--scenario',
      'device/read-back',
      '--scenario',
      'kit/contract/*',
      '--json',
      json,
      '--junit',
      junit,
    )
    expect(code).toBe(0)
    expect(text).toMatch(/^held +fixture +device\/read-back/m)
    expect(text).toMatch(/^device\/read-back +held$/m)
    const report = JSON.parse(readFileSync(json, 'utf8'))
    expect(report).toMatchObject({ seed: 1, pageCount: 64 })
    expect(report.rows.length).toBeGreaterThan(3)
    expect(readFileSync(junit, 'utf8')).toMatch(/<testsuite name="fixture" tests="\d+" failures="0"/)
  })

  it('answers 1 for a backend that changes a bit, in the rows that are about it, with a command to run them again', async () => {
    const junit = join(folder, 'broken.xml')
    const path = fixture('flipped')
    const { code, text } = await run(
      '--backend',
      path,
      '--scenario',
      'device/*-back',
      '--scenario',
      'device/same-filled',
      '--scenario',
      'kit/round-trip/pages',
      '--junit',
      junit,
    )
    expect(code).toBe(1)
    expect(text).toMatch(/^device\/read-back +BROKE$/m)
    expect(text).toMatch(/^kit\/round-trip\/pages +BROKE$/m)
    expect(text).toMatch(/^device\/same-filled +held$/m)
    expect(text).toContain(`harness --backend ${path} --scenario 'device/read-back' --seed 1 --pages ${pagesFile}`)
    expect(readFileSync(junit, 'utf8')).toContain('failures="3"')
  })

  it('never passes over a backend that is not there', async () => {
    const { code, text } = await run('--backend', 'no-such', '--backend', fixture('none'), '--scenario', 'device/flush')
    expect(code).toBe(1)
    expect(text).toMatch(/^missing +no-such/m)
    expect(text).toContain('exports no backend')
  })

  it('answers 2 for a command line that makes no sense', async () => {
    expect((await run('--scenario', 'no/such')).code).toBe(2)
    expect((await run('--seed', 'x')).code).toBe(2)
    expect((await run('--no-such-option')).code).toBe(2)
    expect((await run('--mode', 'hardware')).code).toBe(2)
  })

  it('answers 2 for a file of pages that cannot be read, and says in a line which and why', async () => {
    const none = join(folder, 'no-such')
    const short = join(folder, 'short.bin')
    writeFileSync(short, 'less than a page')
    const why = new Map([
      [none, 'no such file or directory'],
      [folder, 'it is a folder'],
      [join(pagesFile, 'inside'), 'not a directory'],
      [short, 'it has less than one page of 4096 bytes'],
    ])
    for (const [path, words] of why) {
      const { code, text } = await run('--pages', path, '--scenario', 'device/flush')
      expect(code).toBe(2)
      expect(text).toMatch(/^error: option '--pages [^\n]*\n$/)
      expect(text).toContain(`'${path}'`)
      expect(text).toContain(words)
    }
  })

  it('names scenarios of managed streams by globs, and writes all that happened to one HTML file', async () => {
    const report = join(folder, 'report.html')
    const { code, text } = await run(
      '--backend',
      fixture('healthy'),
      '--scenario',
      'F0?',
      '--scenario',
      'poc/F0*',
      '--seeds',
      '2',
      '--html',
      report,
    )
    expect(code).toBe(0)
    expect(text).toMatch(/^F09 +held$/m)
    expect(text).toMatch(/^poc\/F07 +held$/m)
    const page = readFileSync(report, 'utf8')
    expect(page).toMatch(/^<!doctype html>/)
    for (const id of ['F01', 'F09', 'poc/F07']) expect(page).toContain(`<strong>${id}</strong>`)
  })

  it('answers 1 where a scenario of managed streams breaks, and says so in the HTML file', async () => {
    const report = join(folder, 'broken.html')
    const { code } = await run('--backend', fixture('flipped'), '--scenario', 'F01', '--html', report)
    expect(code).toBe(1)
    expect(readFileSync(report, 'utf8')).toContain('What did not hold')
  })

  it('lists what it would run', async () => {
    const { code, text } = await run('--list', '--scenario', 'device/m*')
    expect(code).toBe(0)
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['device/mem-limit', 'device/misuse'])
    expect((await run('--list', '--scenario', 'F4*')).text.match(/^F4[0-5]: .+$/gm)).toHaveLength(6)
  })

  it('is a program whose exit code says the same', async () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
    const exitCode = async (...argv: string[]): Promise<number> => {
      const child = spawn(process.execPath, [main, '--pages', pagesFile, '--scenario', 'device/read-back', ...argv])
      const [code] = await once(child, 'exit')
      return code
    }
    expect(await exitCode('--backend', fixture('healthy'))).toBe(0)
    expect(await exitCode('--backend', fixture('flipped'))).toBe(1)
  })

  it('draws the same numbers from the same seed', async () => {
    const rows = async (): Promise<string> => {
      const json = join(folder, 'again.json')
      await run('--backend', fixture('flipped'), '--scenario', 'device/partial-writes', '--seed', '11', '--json', json)
      return readFileSync(json, 'utf8').replace(/"ms": [\d.]+/g, '')
    }
    expect(await rows()).toBe(await rows())
  })
})
