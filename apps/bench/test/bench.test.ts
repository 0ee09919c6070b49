import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { defineBackend, simpleCtx } from '@zcomp/core'
import { afterAll, describe, expect, it } from 'vitest'
import { bench } from '../src/cli.js'
import { compile } from '../src/compile.js'
import { managedTables } from '../src/managed-report.js'
import { reach } from '../src/reached.js'
import { reachedTable } from '../src/report.js'
import type { Env, Sample } from '../src/row.js'
import { allRows } from '../src/rows/index.js'
import { besideBusy } from '../src/rows/managed/busy.js'
import { LoopDelay } from '../src/rows/managed/loop-delay.js'
import { stretchesOf, WritePass } from '../src/rows/managed/passes.js'
import { targets } from '../src/targets.js'
import { requestBytes } from '../src/work.js'

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

const sample = (ns: number, pages = 10): Sample => ({ wallNs: 2 * ns, cpuNs: ns, pages })

describe('ratios', () => {
  const target = { what: 'a / b', over: 'a', under: 'b', must: 1.1, aim: 1, clock: 'cpu' } as const

  it('are the median of what each round gives, by the clock that counts', () => {
    const samples = new Map([
      ['a', [sample(10), sample(30), sample(12)]],
      ['b', [sample(10), sample(10), sample(10)]],
    ])
    const [reached] = reach([target], samples, {})
    expect(reached?.ratio).toEqual({ median: 1.2, min: 1, max: 3 })
    expect(reachedTable([{ ...target, ...reached }])).toContain('short of it')
  })

  it('are by the page where that is asked for', () => {
    const samples = new Map([
      ['a', [sample(10, 5)]],
      ['b', [sample(10, 10)]],
    ])
    expect(reach([target], samples, {})[0]?.ratio?.median).toBe(1)
    expect(reach([{ ...target, per: 'page' }], samples, {})[0]?.ratio?.median).toBe(2)
  })

  it('may be better the larger they are', () => {
    const samples = new Map([
      ['a', [sample(18), sample(20)]],
      ['b', [sample(10), sample(10)]],
    ])
    const gain = { ...target, must: 1.6, aim: 1.95, clock: 'wall', better: 'more' } as const
    const [reached] = reach([gain], samples, {})
    expect(reached?.ratio?.median).toBe(1.9)
    expect(reachedTable([{ ...gain, ...reached }])).toMatch(/\| must +\|$/m)
    expect(reachedTable([{ ...gain, aim: 1.9, ...reached, must: 2 }])).toContain('| aim')
  })

  it('take a figure of a sample, by itself or over another', () => {
    const shows = (us: number): Sample => ({ ...sample(1), figures: { 'p50 us': us } })
    const samples = new Map([
      ['a', [shows(30), shows(50), shows(40)]],
      ['b', [shows(10), shows(10), shows(20)]],
    ])
    const figure = { ...target, clock: 'figure', figure: 'p50 us' } as const
    expect(reach([figure], samples, {})[0]?.ratio?.median).toBe(3)
    expect(reach([{ ...figure, under: 'none' }], samples, {})[0]?.ratio?.median).toBe(40)
  })

  it('say what was not measured', () => {
    const text = reachedTable(reach([target, { ...target, clock: 'fact' }], new Map(), { a: 1 }))
    expect(text.match(/not measured/g)).toHaveLength(2)
  })

  it('name measures and facts that rows have', async () => {
    const names = new Set(
      [...targets.flatMap(({ over, under }) => [over, under])]
        .filter((id) => id !== 'none')
        .map((id) => id.split('/').slice(0, 2).join('/')),
    )
    const rows = await allRows(['lz4', 'lz4hc', 'lzo', 'lzo-rle', 'zstd', 'deflate'].map(named))
    expect([...names].filter((name) => !rows.some(({ id }) => id === name))).toEqual([])
  })
})

describe('devices with engines', () => {
  it('are shown with a reason that only some rounds had', () => {
    const pass = (figures: Record<string, number>): Sample => ({ ...sample(1), figures })
    const text = managedTables(
      new Map([
        ['managed/software/idle', [sample(1), sample(1)]],
        ['managed/1/idle', [pass({ 'managed %': 90, 'assist %': 10 }), pass({ 'managed %': 100 })]],
      ]),
    )
    expect(text).toMatch(/^\| 1\/idle .*\| 95\.0 +\| assist 5\.0 /m)
    expect(managedTables(new Map([['codec/lz4/compress', [sample(1)]]]))).toBe('')
  })

  it('work beside a process that is there for as long as they do', async () => {
    const pid = await besideBusy(async (pid) => {
      expect(process.kill(pid, 0)).toBe(true)
      return pid
    })
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('programs in C', () => {
  it('are said to be missing where they do not compile', async () => {
    const sources = join(folder, 'c')
    const env: Env = {
      sources,
      cache: join(folder, 'cache'),
      pagesFile: '',
      mib: 1,
      pages: { bytes: new Uint8Array(0), from: '', digest: '' },
    }
    mkdirSync(sources)
    writeFileSync(join(sources, 'floor.h'), '')
    writeFileSync(join(sources, 'bad.c'), '/* libs: */\nthis is no C\n')
    expect(await compile(env, 'bad')).toEqual({ missing: expect.stringContaining('bad.c does not compile here') })
  })
})

describe('bench', () => {
  it('measures a row end to end, and writes its tables', async () => {
    const pages = join(folder, 'pages.bin')
    writeFileSync(pages, Buffer.concat([Buffer.alloc(8192), Buffer.from('some text to compress, '.repeat(4000))]))
    const json = join(folder, 'out.json')
    const tables = join(folder, 'out.md')
    let text = ''
    const write = (more: string): void => {
      text += more
    }
    const only = [
      '--only',
      'codec/deflate',
      '--only',
      'device/deflate',
      '--only',
      'c/deflate',
      '--only',
      'kernel/no-such',
    ]
    expect(
      await bench(['--pages', pages, '--rounds', '1', ...only, '--json', json, '--table', tables], { write }),
    ).toBe(0)
    expect(text).toMatch(/^\| codec\/deflate\/compress +\| [\d,]+/m)
    expect(text).toMatch(/^\| device\/deflate\/read-async +\| [\d,]+/m)
    expect(text).toMatch(/load average [\d. ]+ at the start, [\d. ]+ at the end/)
    expect(text).not.toContain(folder)
    expect(readFileSync(tables, 'utf8')).toBe(text)
    expect(JSON.parse(readFileSync(json, 'utf8')).samples['codec/deflate/decompress']).toHaveLength(1)
  })

  it('measures devices with engines, and how their pages went', async () => {
    const pages = join(folder, 'managed.bin')
    writeFileSync(pages, Buffer.from('some text to compress, '.repeat(40_000)))
    let text = ''
    const write = (more: string): void => {
      text += more
    }
    const only = ['software', '1-wasm-never-wait'].flatMap((name) => ['--only', `managed/${name}`])
    expect(await bench(['--pages', pages, '--rounds', '1', '--mib', '1', ...only], { write })).toBe(0)
    expect(text).toMatch(/^\| 1-wasm-never-wait +\| \d+\.\d\d \(\d/m)
    // Cores busy and loop delay are not shown for an idle device; the share of managed pages is.
    expect(text).toMatch(/^\| 1-wasm-never-wait\/idle +\| \d+ +\| \d+ +\| +\| +\| +\| \d+\.\d +\|/m)
    expect(text).toMatch(/^\| managed\/software\/busy-neighbour +\| [\d,]+/m)
  })

  it('tells how late the loop is, in stretches, and nothing of the time between', async () => {
    const block = (ms: number): void => {
      const until = performance.now() + ms
      while (performance.now() < until);
    }
    const turns = () => new Promise((resolve) => setTimeout(resolve, 5))
    const delay = new LoopDelay()
    delay.start()
    await turns()
    block(30)
    await turns()
    delay.stop()
    expect(delay.most).toBeGreaterThan(28)
    const { most } = delay
    block(10 * most)
    delay.start()
    await turns()
    delay.stop()
    expect(delay.most).toBeLessThan(8 * most)
    expect(delay.p99).toBeLessThanOrEqual(delay.most)
  })

  it('writes a pass in stretches: each request once, so many at a time, none beyond the stretch', async () => {
    const bytes = new Uint8Array(3 * requestBytes)
    const writes: number[] = []
    const pause: (() => void)[] = []
    const drains: number[] = []
    let most = 0
    const device = {
      async write(at: number, data: Uint8Array) {
        writes.push(at / requestBytes)
        expect(data.length).toBe(requestBytes)
        await new Promise<void>((resolve) => (most = Math.max(most, pause.push(resolve))))
      },
      drain: () => void drains.push(writes.length),
    }
    const pass = new WritePass({ device, bytes, round: 1 }, 600, 8)
    expect(stretchesOf(600)).toBe(3)
    for (let nth = 0; nth < 3; nth++) {
      let over = false
      const run = pass.run(nth).finally(() => (over = true))
      while (!over) {
        await new Promise((resolve) => setImmediate(resolve))
        pause.pop()?.()
      }
      await run
    }
    expect(drains).toEqual([256, 512, 600])
    expect(writes).toEqual(Array.from({ length: 600 }, (_, nth) => nth % 3))
    expect(most).toBe(8)
    const { pages, figures } = pass.end()
    expect(pages).toBe(600 * 32)
    expect(figures?.['p99 us']).toBeGreaterThan(0)
  })

  it('answers 2 for a command line that makes no sense', async () => {
    expect(await bench(['no-such-check'], { write: () => {} })).toBe(2)
    expect(await bench(['--rounds', '0'], { write: () => {} })).toBe(2)
  })

  it('answers 2 for a file of pages that cannot be read, and says in a line which and why', async () => {
    const none = join(folder, 'no-such')
    for (const argv of [
      ['--pages', none],
      ['fill', '--pages', none],
      ['--pages', folder],
    ]) {
      let text = ''
      const write = (more: string): void => {
        text += more
      }
      expect(await bench(argv, { write })).toBe(2)
      expect(text).toMatch(/^error: option '--pages [^\n]*(no such file or directory|it is a folder)[^\n]*\n$/)
      expect(text).toContain(`'${argv.at(-1)}'`)
    }
  })

  it('looks at whole processes', async () => {
    const pages = join(folder, 'few.bin')
    writeFileSync(pages, Buffer.from('some text to compress, '.repeat(40_000)))
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [
      main,
      'fill',
      '--pages',
      pages,
      '--only',
      'deflate',
    ])
    expect(stdout).toMatch(/^deflate: 0\.9 MiB written, all read back equal; held 0\.\d MiB/)
  })

  it('measures two threads that promise nothing, by their bytes too', async () => {
    const pages = join(folder, 'bare.bin')
    writeFileSync(pages, Buffer.from('some text to compress, '.repeat(40_000)))
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
    const only = ['--pages', pages, '--rounds', '1', '--mib', '1', '--only', 'managed/bare']
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...only])
    expect(stdout).toMatch(/^\| managed\/bare\/8-outstanding +\| [\d,]+/m)
    expect(stdout).toMatch(/^\| managed\/bare\/1-outstanding +\| [\d,]+/m)
  })

  it('keeps its sources where the built program looks for them', () => {
    expect(readFileSync(fileURLToPath(new URL('../c/floor.h', import.meta.url)), 'utf8')).toContain('usage: floor')
  })
})

function named(name: string) {
  const caps = {
    levels: 'none',
    dict: 'none',
    winbits: 'none',
    pageSizes: { min: 4096, max: 4096 },
    managed: 'none',
  } as const
  const codec = { pageSize: 4096, compress: () => -125, decompress: () => -74 }
  const setup = { createCtx: () => simpleCtx(codec), managed: 'none', [Symbol.asyncDispose]: async () => {} } as const
  return defineBackend({ name, format: name, caps, module: 'none', setupParams: async () => setup })
}
