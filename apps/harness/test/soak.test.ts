import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { soakCommand } from '../src/soak/command.js'
import { LostWakeUps } from '../src/soak/lost-wake-ups.js'
import { grows, trendOf } from '../src/soak/memory.js'
import { Shadow } from '../src/soak/shadow.js'
import { Waits } from '../src/soak/waits.js'
import { gatherMade } from './made-pages.js'
import { sink } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'soak-'))
const pagesFile = join(folder, 'pages.bin')
writeFileSync(pagesFile, gatherMade(256).bytes)
afterAll(() => rmSync(folder, { recursive: true }))

/** The program itself: what a process leaves behind shows only at its end. */
async function run(...argv: string[]): Promise<{ code: number | null; text: string }> {
  const main = fileURLToPath(new URL('../dist/soak/main.js', import.meta.url))
  const child = spawn(process.execPath, [main, '--pages', pagesFile, ...argv])
  let text = ''
  const hear = (chunk: Buffer): void => {
    text += chunk
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, text }
}

const count = (text: string, name: string): number => Number(new RegExp(`\\b${name} (\\d+)`).exec(text)?.[1] ?? 0)

describe('soak', () => {
  it('ends random faults with nothing lost, and with the command that replays them', async () => {
    const { code, text } = await run('--minutes', '0.06', '--seed', '5')
    // How long somebody waits is the machine's affair too: here it is loaded with tests.
    const wrong = text.split('\n').filter((line) => line.startsWith('VIOLATION') && !line.includes('waited too long'))
    expect(wrong).toEqual([])
    expect(code === 0).toBe(text.includes('violations: 0'))
    expect(count(text, 'requests:')).toBeGreaterThan(100)
    expect(count(text, 'compressed')).toBeGreaterThan(0)
    expect(text).toContain('soak --minutes 0.06 --seed 5')
  })

  it('kills an engine in mid-write', async () => {
    const { code, text } = await run('--kill', '--mib', '16')
    expect(text).toContain('violations: 0')
    expect(text.match(/deaths 1/g)).toHaveLength(4)
    expect(code).toBe(0)
  })

  it('leaves nothing behind', async () => {
    const { code, text } = await run('--cycles', '4')
    const wrong = text.split('\n').filter((line) => line.startsWith('VIOLATION') && !line.includes('memory grew'))
    expect(wrong).toEqual([])
    expect(text).toContain('begun 4, ended 4')
    expect(text).not.toContain('still running')
    expect([0, 1]).toContain(code)
  })

  it('answers 2 for a command line that makes no sense', async () => {
    expect(await soakCommand(['--minutes', '-1'], sink())).toBe(2)
    expect(await soakCommand(['--cycles', 'x'], sink())).toBe(2)
    expect(await soakCommand(['--pages', '/no/such/file'], sink())).toBe(2)
  })
})

describe('the shadow', () => {
  const page = (fill: number): Uint8Array => new Uint8Array(4096).fill(fill)

  it('lets a read see what was stored or is on its way, and nothing else', () => {
    const shadow = new Shadow(8192, 4096)
    shadow.write(0, page(1))()
    const end = shadow.write(0, page(2))
    expect(shadow.look(0, 4096).judge(page(1))).toBeUndefined()
    expect(shadow.look(0, 4096).judge(page(2))).toBeUndefined()
    expect(shadow.look(0, 4096).judge(page(3))).toContain('page 0')
    end()
    expect(shadow.look(0, 4096).judge(page(1))).toContain('page 0')
    expect(shadow.look(0, 4096).judge(page(2))).toBeUndefined()
    expect(shadow.open).toBe(0)
  })

  it('wants no less than what had completed when the read was submitted', () => {
    const shadow = new Shadow(4096, 4096)
    const early = shadow.look(0, 4096)
    shadow.write(0, page(1))()
    const late = shadow.look(0, 4096)
    shadow.write(0, page(2))()
    expect(late.judge(page(0))).toContain('page 0')
    expect(early.judge(page(0))).toBeUndefined()
    expect(shadow.look(100, 10).judge(page(2).subarray(0, 10))).toBeUndefined()
  })

  it('builds parts on the newest content, and leaves parts alone that a discard does not cover', () => {
    const shadow = new Shadow(8192, 4096)
    shadow.write(0, page(1))
    shadow.write(10, page(2).subarray(0, 5))()
    shadow.discard(4096 - 1, 2)()
    const expected = page(1)
    expected.fill(2, 10, 15)
    expect(shadow.look(0, 4096).judge(expected)).toBeUndefined()
    shadow.zero(4000, 200)()
    expected.fill(0, 4000)
    expect(shadow.look(0, 4096).judge(expected)).toBeUndefined()
  })
})

describe('judgements', () => {
  it('know memory that grows from memory that does not', () => {
    const samples = (mib: (minute: number) => number) =>
      Array.from({ length: 40 }, (_, minute) => ({ minute, rssMiB: mib(minute), heapMiB: 0, externalMiB: 0 }))
    const flat = trendOf(samples((minute) => (minute < 10 ? 20 * minute : 200 + (minute % 3))))
    const steep = trendOf(samples((minute) => 200 + 2 * minute))
    expect(flat && grows(flat)).toBe(false)
    expect(steep && grows(steep)).toBe(true)
    expect(steep?.slope).toBeCloseTo(2)
    // In its first minutes it always grows.
    const young = (minutes: number) => trendOf(samples((minute) => 200 + 20 * minute).slice(0, minutes + 1))
    expect([young(5), young(14)]).toEqual([undefined, undefined])
    expect(young(15)).toBeDefined()
  })

  it('know a wait that was too long', () => {
    const waits = new Waits({ pageMs: 0.1 })
    const now = performance.now()
    const wait = waits.begin(10)
    const old = { ...wait, since: now - 400 }
    expect(waits.end('a write', 10, 200, wait)).toBeUndefined()
    waits.begin(10)
    expect(waits.end('a write', 10, 200, old)).toContain('waited too long')
    expect(waits.out).toBe(0)
    expect(waits.exceeded).toBe(1)
    waits.stop()
  })
})

describe('wake-ups that engines lost', () => {
  it('are counted once, through all lives of an engine', () => {
    const lost = new LostWakeUps()
    expect(lost.take([{ lost: 0 }, { lost: 2 }])).toBe(2)
    expect(lost.take([{ lost: 1 }, { lost: 2 }])).toBe(1)
    // The second engine was started anew.
    expect(lost.take([{ lost: 1 }, { lost: 1 }])).toBe(1)
    expect(lost.take([{ lost: 1 }, { lost: 1 }])).toBe(0)
  })
})
