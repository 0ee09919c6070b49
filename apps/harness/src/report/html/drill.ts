/** What happened: each claim with its outcome, values, seed, command and counters, backend by backend. */
import { isSurprise, type Row } from '../../row.js'
import { byLabel, type Group } from './groups.js'
import { anchor, html, type Markup, type Part } from './markup.js'
import { countsOf, withWord } from './outcome.js'

export function surpriseSection(rows: readonly Row[]): Markup {
  const broken = rows.filter(isSurprise)
  if (broken.length === 0) return html``
  const each = broken.map((row) => html`<h3>${row.backend}: ${row.scenario}</h3><p>${row.claim}</p>${facts(row)}`)
  return html`<section aria-labelledby="surprises"><h2 id="surprises">What did not hold</h2>${each}</section>`
}

export function drillSection(groups: readonly Group[]): Markup {
  const each = groups.map(
    ({ name, rows }) => html`<h3>${name}</h3>${[...byLabel(rows)].map(([label, line]) => claim(label, line))}`,
  )
  return html`<section aria-labelledby="details"><h2 id="details">What happened</h2>${each}</section>`
}

function claim(label: string, rows: readonly Row[]): Markup {
  return html`<details id="${anchor('s', label)}"><summary><strong>${label}</strong> <span class="counts small">${countsOf(rows)}</span></summary>
<p>${rows[0]?.claim}</p>${rows.map((row) => html`<h4>${row.backend}</h4>${facts(row)}`)}</details>
`
}

function facts(row: Row): Markup {
  const { outcome, why, expected, received, seed, ms, replay, evidence } = row
  return html`<dl class="facts small"><dt>outcome</dt><dd>${withWord(outcome)}, ${(ms / 1000).toFixed(2)} s</dd>
${fact('why', why)}${fact('expected', expected, block)}${fact('received', received, block)}${fact('seed', seed)}
<dt>again</dt><dd><code>${replay}</code></dd>${fact('counters', countersOf(evidence?.counters))}</dl>`
}

function fact(name: string, value: Part, show: (value: Part) => Markup = plain): Markup {
  return value === undefined ? html`` : html`<dt>${name}</dt><dd>${show(value)}</dd>`
}

const plain = (value: Part): Markup => html`${value}`
const block = (value: Part): Markup => html`<pre>${value}</pre>`

function countersOf(counters: Readonly<Record<string, number>> | undefined): Markup | undefined {
  const entries = Object.entries(counters ?? {})
  if (entries.length === 0) return undefined
  const text = entries.map(([name, value]) => `${name} ${value}`).join(' · ')
  return html`<span class="dim">${text}</span>`
}
