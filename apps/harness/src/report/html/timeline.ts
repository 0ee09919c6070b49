/** A device over time: what it holds, what waits, how healthy it is. Drawn without text, so that it may take any width. */
import type { Row } from '../../row.js'
import type { Sample, Timeline } from '../../timeline.js'
import { html, type Markup } from './markup.js'

const width = 1000
const height = 100
/** Points that a lane is drawn from at most. */
const mostPoints = 500

export function timelineSection(rows: readonly Row[]): Markup {
  const runs = rows.flatMap((row) => (row.timeline ? [{ row, timeline: row.timeline }] : []))
  if (runs.length === 0) return html``
  const each = runs.map(
    ({ row, timeline }, i) =>
      html`<details${i === 0 ? html` open` : ''}><summary><strong>${row.backend}</strong> ${row.scenario}</summary>${drawing(timeline)}</details>`,
  )
  return html`<section aria-labelledby="timelines"><h2 id="timelines">Timelines</h2>
<p class="small dim">Real pages on real engines, in real time, while faults befall the device. Marks are numbered; dashed lines show where they are.</p>${each}</section>`
}

function drawing({ streams, samples, events }: Timeline): Markup {
  const end = Math.max(1, samples.at(-1)?.ms ?? 1)
  const points = thinned(samples)
  const queue = Math.max(1, ...points.map((each) => each.queue))
  const slots = Math.max(1, ...points.map((each) => each.inFlight + each.quarantined))
  const marks = events.map(
    ({ ms }) => html`<line class="mark" x1="${x(ms, end)}" x2="${x(ms, end)}" y1="0" y2="${height}"/>`,
  )
  const slotAreas = html`${area(points, end, slots, (each) => each.inFlight + each.quarantined, 'two')}${area(points, end, slots, (each) => each.inFlight, 'one')}${marks}`
  return html`<div class="numbers dim" aria-hidden="true">${events.map(({ ms }, i) => html`<span style="left:${(x(ms, end) / 10).toFixed(1)}%">${i + 1}</span>`)}</div>
<div class="lane"><p class="small"><span class="key k-one"></span>in flight, <span class="key k-two"></span>in quarantine: at most ${slots} of ${streams} streams</p>
${svg(`Streams in flight and in quarantine over ${seconds(end)}, at most ${slots}`, slotAreas)}</div>
<div class="lane"><p class="small"><span class="key k-three"></span>queue: pages begun and not ended, at most ${queue}</p>
${svg(`Pages pending over ${seconds(end)}, at most ${queue}`, html`${area(points, end, queue, (each) => each.queue, 'three')}${marks}`)}</div>
<div class="lane"><p class="small">health: <span class="key k-held"></span>closed (in use), <span class="key k-two"></span>half-open (probed), <span class="key k-broke"></span>open (left alone), <span class="key k-three"></span>removed</p>
${svg(`Health: ${healthText(points)}`, html`${bands(points, end)}${marks}`, 'band')}</div>
<div class="axis small dim"><span>0</span><span>${seconds(end)}</span></div>
<ol class="small">${events.map(({ ms, what }) => html`<li>${what}, from ${ms.toFixed(0)} ms</li>`)}</ol>`
}

function svg(label: string, content: Markup, kind = ''): Markup {
  return html`<svg class="${kind}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}">${content}</svg>`
}

/** Steps, since a count stays until it is seen to change. */
function area(
  points: readonly Sample[],
  end: number,
  most: number,
  of: (each: Sample) => number,
  kind: string,
): Markup {
  const y = (value: number): string => (height - (height * value) / most).toFixed(1)
  const path = points.map((each) => `H${x(each.ms, end)}V${y(of(each))}`).join('')
  return html`<path class="${kind}" d="M0 ${height}${path}H${width}V${height}Z"/>`
}

const colours: Record<Sample['health'], string> = {
  closed: 'held',
  'half-open': 'two',
  open: 'broke',
  removed: 'three',
}

function bands(points: readonly Sample[], end: number): Markup[] {
  return stretches(points, end).map(({ from, to, health }) => {
    const left = x(from, end)
    return html`<rect class="${colours[health]}" x="${left}" y="0" width="${Math.max(1, x(to, end) - left).toFixed(1)}" height="${height}"/>`
  })
}

function healthText(points: readonly Sample[]): string {
  return stretches(points, points.at(-1)?.ms ?? 0)
    .map(({ from, health }) => `${health} from ${from.toFixed(0)} ms`)
    .join(', ')
}

function stretches(points: readonly Sample[], end: number): { from: number; to: number; health: Sample['health'] }[] {
  const found: { from: number; to: number; health: Sample['health'] }[] = []
  for (const { ms, health } of points) {
    const last = found.at(-1)
    if (last?.health === health) continue
    if (last) last.to = ms
    found.push({ from: last ? ms : 0, to: end, health })
  }
  return found
}

/** Every nth sample, and each at which the health changes. */
function thinned(samples: readonly Sample[]): Sample[] {
  const every = Math.ceil(samples.length / mostPoints)
  return samples.filter((each, i) => i % every === 0 || each.health !== samples[i - 1]?.health)
}

function x(ms: number, end: number): number {
  return Math.round((10 * width * ms) / end) / 10
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
