/** The matrix: a line per claim, a column per backend, a table for each group. */
import { isSurprise, type Row } from '../../row.js'
import { backendsOf, byLabel, type Group } from './groups.js'
import { anchor, html, type Markup } from './markup.js'
import { classOf, countsOf, markOf, outcomes, wordOf } from './outcome.js'

export function matrixSection(groups: readonly Group[]): Markup {
  const backends = backendsOf(groups.flatMap(({ rows }) => rows))
  const legend = outcomes.map((outcome) => `${markOf(outcome)} ${wordOf(outcome)}`).join(' · ')
  return html`<section aria-labelledby="matrix"><h2 id="matrix">Matrix</h2>
<p class="small dim">${legend}. An empty cell was not asked for. Names lead to what happened.</p>
${groups.map((group) => groupMatrix(group, backends))}</section>`
}

function groupMatrix({ name, about, rows }: Group, backends: readonly string[]): Markup {
  const open = name !== 'kit' || rows.some(isSurprise) ? html` open` : ''
  return html`<details${open}><summary><strong>${name}</strong> <span class="counts small">${countsOf(rows)}</span></summary>
<p class="small dim">${about}</p>
<div class="scroll flush" role="region" tabindex="0" aria-label="Matrix of ${name}"><table class="matrix" aria-label="${name}">
<thead><tr><th scope="col">claim</th>${backends.map((backend) => html`<th scope="col">${backend}</th>`)}</tr></thead>
<tbody>${[...byLabel(rows)].map(([label, line]) => matrixLine(label, line, backends))}</tbody></table></div></details>
`
}

function matrixLine(label: string, line: readonly Row[], backends: readonly string[]): Markup {
  const cells = backends.map((backend) => cell(line.filter((row) => row.backend === backend)))
  return html`<tr><th scope="row"><a href="#${anchor('s', label)}">${label}</a><span class="claim dim"> ${line[0]?.claim}</span></th>${cells}</tr>
`
}

/** The worst of them, where a name stands for several. */
function cell(rows: readonly Row[]): Markup {
  const outcome = outcomes.find((each) => rows.some((row) => row.outcome === each))
  if (!outcome) return html`<td></td>`
  return html`<td class="${classOf(outcome)}"><span aria-hidden="true">${markOf(outcome)}</span><span class="hidden">${wordOf(outcome)}</span></td>`
}
