import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { main } from '../src/command.js'

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const cli = path('../dist/cli.js')
const reference = path('../dist/reference.js')
const sample = path('./sample-backends.mjs')

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(...args: string[]): Promise<Ran> {
  const [out, err]: string[][] = [[], []]
  const code = await main(
    args,
    (line) => out!.push(line),
    (line) => err!.push(line),
  )
  return { code, out: out!.join('\n'), err: err!.join('\n') }
}

/** The program itself, as a person starts it. */
async function start(...args: string[]): Promise<Ran> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args])
    return { code: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}

describe('zcomp-conformance', () => {
  it('judges what a module exports and prints the counts', async () => {
    const { code, out } = await start(reference, '--case', 'contract/*', '--case', 'fuzz/*', '--budget', '5')
    expect(out).toBe('tiny-lz (tiny-lz): 9 held, 0 broke, 0 waived, 0 stale waivers, 0 not claimed\n')
    expect(code).toBe(0)
    expect((await start(sample, '--case', 'contract/name')).code).toBe(1)
  })

  it('judges backends as they are and functions that make one, leaves out the rest, and fails if one breaks', async () => {
    const { code, out } = await run(sample, '--case', 'contract/*', '--json')
    const reports = JSON.parse(out)
    expect(reports.map(({ backend, ok }: { backend: string; ok: boolean }) => [backend, ok])).toEqual([
      ['Tiny LZ', false],
      ['tiny-lz', true],
    ])
    expect(code).toBe(1)
  })

  it('runs one case of one export, as its report says', async () => {
    const { code, out } = await run(sample, '--export', 'broken', '--case', 'contract/name', '--seed', '3')
    expect(out).toContain(`npx zcomp-conformance ${sample} --export broken --case contract/name --seed 3`)
    expect(code).toBe(1)
    const waived = await run(
      sample,
      '--export',
      'broken',
      '--case',
      'contract/name',
      '--waive',
      'contract/name=old name',
    )
    expect(waived.out).toContain('why       old name')
    expect(waived.code).toBe(0)
  })

  it('judges level 2 when asked to, with as many schedules as asked for', async () => {
    const { code, out } = await run(reference, '--case', 'F10', '--case', 'poc/F09', '--seeds', '2')
    expect(out).toContain('2 held, 0 broke')
    expect(code).toBe(0)
    expect(await run(reference, '--level', '3')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--level must'),
    })
  })

  it('fails where nothing was judged', async () => {
    expect(await run(reference, '--case', 'nope')).toMatchObject({
      code: 1,
      out: expect.stringContaining('no case ran'),
    })
    expect(await run(sample, '--export', 'nothing')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing was'),
    })
  })

  it('says what is wrong with its arguments', async () => {
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('one module to judge, not 0') })
    expect(await run(reference, '--seed', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--seed must be'),
    })
    expect(await run(reference, '--sed', '1')).toMatchObject({ code: 2, err: expect.stringContaining('--sed') })
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('usage:') })
  })

  it('writes golden pages once, and judges by them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'golden-'))
    try {
      expect((await run(reference, '--write-golden', folder)).code).toBe(0)
      const files = await readdir(folder)
      expect(files).toContain('tiny-lz-dict.json')
      const args = [reference, '--golden', folder, '--peer', reference, '--case', 'interop/*']
      expect((await run(...args)).out).toContain('2 held')
      expect(await run(reference, '--write-golden', folder)).toMatchObject({
        code: 1,
        err: expect.stringContaining('EEXIST'),
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
