import { describe, expect, it } from 'vitest'
import type { Latencies } from '../src/evidence.js'
import { htmlReport } from '../src/report/html/index.js'
import { anchor, escapeHtml, html } from '../src/report/html/markup.js'
import { labelOf, type Row } from '../src/row.js'

const hostile = `<script>alert("&'x")</script>`
const facts = { seed: 7, pages: hostile, pageCount: 64, pagesDigest: 'abc', node: 'v20', platform: 'linux x64' }
const held = (backend: string, scenario: string, more: Partial<Row> = {}): Row => ({
  backend,
  scenario,
  claim: 'It holds.',
  outcome: 'held',
  ms: 1,
  replay: `harness --scenario '${scenario}'`,
  ...more,
})
const sample = { ms: 5, inFlight: 3, quarantined: 1, queue: 9, health: 'closed' } as const
const rows: readonly Row[] = [
  held('lz4', 'F01', { seed: 7 }),
  held('zstd', 'F01'),
  held('lz4', 'poc/F07'),
  held('lz4', 'workers/F16'),
  held('lz4', 'device/read-back', { mode: 'software' }),
  held('lz4', 'device/read-back', {
    mode: 'managed',
    evidence: { paths: { 'managed compressed': 30, 'software exhausted': 10 }, counters: { 'managed.asked': 40 } },
  }),
  held('lz4', 'managed/faults', {
    mode: 'managed',
    timeline: {
      backend: 'lz4',
      streams: 128,
      samples: [sample, { ...sample, ms: 9, health: 'open', inFlight: 0 }],
      events: [{ ms: 1, what: hostile }],
    },
  }),
  held('zstd', 'kit/a/b', { outcome: 'not claimed', why: hostile }),
  held(hostile, `x/${hostile}`, {
    claim: hostile,
    outcome: 'broke',
    why: hostile,
    expected: hostile,
    received: hostile,
    replay: hostile,
  }),
]
const latencies: Latencies = new Map([
  ['managed compressed', [10, 20, 30]],
  [hostile, [1]],
])
const page = htmlReport(facts, rows, latencies)
/** Without the script and the style, which are ours. */
const body = page.replace(/<script>.*?<\/script>/s, '').replace(/<style>.*?<\/style>/s, '')

describe('markup', () => {
  it('escapes text, keeps what was built by it, and gives anchors that tell apart', () => {
    expect(escapeHtml(`<a b="c" d='e'>&`)).not.toMatch(/[<>"']|&(?!#\d+;)/)
    expect(html`<p>${'<b>'}${html`<i>${1}</i>`}${undefined}${[html`x`, 'y&']}</p>`.text).toBe(
      '<p>&#60;b&#62;<i>1</i>xy&#38;</p>',
    )
    expect(anchor('s', 'a/b')).toMatch(/^[\w-]+$/)
    expect(anchor('s', 'a/b')).not.toBe(anchor('s', 'a.b'))
  })
})

describe('the HTML report', () => {
  it('lets no hostile text through, wherever it comes from', () => {
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toContain('alert("')
    expect(body.split(escapeHtml(hostile)).length).toBeGreaterThan(8)
  })

  it('has every row: a line and a cell in a matrix, and what happened', () => {
    for (const row of rows) {
      const label = labelOf(row)
      expect(body).toContain(`href="#${anchor('s', label)}"`)
      expect(body).toContain(`id="${anchor('s', label)}"`)
      expect(body).toContain(escapeHtml(row.replay))
    }
    const cells = body.match(/<td class="o-[a-z]+">/g) ?? []
    expect(cells).toHaveLength(rows.length)
    expect(body).toMatch(/class="o-broke"><span aria-hidden="true">✗<\/span><span class="hidden">BROKE/)
    expect(body).toContain('What did not hold')
    expect(body).toContain('managed.asked 40')
  })

  it('shows paths with their shares, latencies and timelines', () => {
    expect(body).toMatch(/managed compressed<\/th><td class="n">30<\/td><td class="n">75\.0 %/)
    expect(body).toMatch(/software exhausted<\/th><td class="n">10<\/td><td class="n">25\.0 %/)
    expect(body).toMatch(/<th scope="row">managed compressed<\/th><td class="n">3<\/td><td class="n">20 µs/)
    expect(body).toContain('aria-label="Health: closed from 0 ms, open from 9 ms"')
    expect(body).toContain('at most 4 of 128 streams')
  })

  it('fetches nothing', () => {
    expect(page).not.toMatch(/https?:|\/\/[a-z]|@import|url\(/i)
    expect(page).not.toMatch(/<(link(?! rel="icon" href="data:,")|img|iframe|object|embed|base|form)\b/)
    expect(page).not.toMatch(/\ssrc=/)
    for (const [, to] of body.matchAll(/href="([^"]*)"/g)) expect(to).toMatch(/^(#[\w-]+|data:,)$/)
  })

  it('is well formed: elements close in order, ids are there once, links and labels lead somewhere', () => {
    expect(unclosed(page)).toEqual([])
    const ids = [...body.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, to] of body.matchAll(/(?:href="#|aria-labelledby=")([\w-]+)"/g)) expect(ids).toContain(to)
  })

  it('is for phones, dark rooms, keyboards and readers of screens', () => {
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(page).toContain('@media (prefers-color-scheme: dark)')
    expect(page).toContain(':focus-visible')
    expect(page).toContain('<html lang="en">')
    expect(body.match(/<th(?![^>]*scope=)(?:\s|>)/g)).toBeNull()
    for (const [svg] of body.matchAll(/<svg[^>]*>/g)) expect(svg).toMatch(/role="img" aria-label="[^"]+"/)
    for (const [region] of body.matchAll(/<div[^>]*tabindex[^>]*>/g)) expect(region).toContain('aria-label=')
  })

  it('stands without rows too', () => {
    const empty = htmlReport(facts, [], new Map())
    expect(empty).toContain('nothing ran')
    expect(unclosed(empty)).toEqual([])
  })
})

const empties = new Set(['meta', 'link', 'rect', 'path', 'line', '!doctype'])

/** Elements that are open where others end, in words. */
function unclosed(text: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  const plain = text.replace(/<(style|script)>.*?<\/\1>/gs, '')
  for (const [, slash, name = ''] of plain.matchAll(/<(\/?)([!a-z][a-z0-9]*)/g)) {
    if (empties.has(name)) continue
    if (!slash) open.push(name)
    else if (open.pop() !== name) wrong.push(`</${name}>`)
  }
  return [...wrong, ...open]
}
