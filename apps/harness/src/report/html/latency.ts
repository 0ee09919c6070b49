/** How long pages took, by the path that they went. */
import type { Latencies } from '../../evidence.js'
import { html, type Markup } from './markup.js'

interface Line {
  readonly path: string
  readonly pages: number
  readonly p5: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly most: number
}

/** Decades of microseconds that the bars span. */
const decades = 7

export function latencySection(latencies: Latencies): Markup {
  const lines = [...latencies].map(([path, samples]) => lineOf(path, samples)).sort((a, b) => b.pages - a.pages)
  if (lines.length === 0) return html``
  return html`<section aria-labelledby="latency"><h2 id="latency">Latency by path</h2>
<p class="small dim">From the debug traces: microseconds from submission to the end of a managed request; in software, the time waited for a stream in vain. The bar spans the 5th to the 95th
percentile from 1 µs to 10 s, each decade as wide; the mark is the median. These are latencies under the load of this run, not a benchmark.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Latency by path"><table class="latency"><thead><tr><th scope="col">path</th>${[
    'pages',
    'p50',
    'p95',
    'p99',
    'most',
  ].map(
    (name) => html`<th scope="col" class="n">${name}</th>`,
  )}<th scope="col"><span class="hidden">5th to 95th percentile</span></th></tr></thead>
<tbody>${lines.map(row)}</tbody></table></div></section>`
}

function row({ path, pages, p5, p50, p95, p99, most }: Line): Markup {
  const from = place(p5)
  const width = Math.max(place(p95) - from, 0.5)
  return html`<tr><th scope="row">${path}</th><td class="n">${pages}</td>${[p50, p95, p99, most].map((us) => html`<td class="n">${time(us)}</td>`)}
<td><svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="from ${time(p5)} to ${time(p95)}, median ${time(p50)}">
<rect class="range" x="${from.toFixed(2)}" y="2" width="${width.toFixed(2)}" height="6"/><rect class="tick" x="${place(p50).toFixed(2)}" y="0" width="1" height="10"/></svg></td></tr>`
}

function lineOf(path: string, samples: readonly number[]): Line {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0
  return { path, pages: sorted.length, p5: at(0.05), p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) }
}

function place(us: number): number {
  return (100 * Math.min(decades, Math.log10(Math.max(1, us)))) / decades
}

function time(us: number): string {
  if (us < 1000) return `${us.toFixed(us < 10 ? 1 : 0)} µs`
  return us < 1e6 ? `${(us / 1000).toFixed(us < 10_000 ? 1 : 0)} ms` : `${(us / 1e6).toFixed(1)} s`
}
