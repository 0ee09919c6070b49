/** One file with everything in it: nothing is fetched, and no byte of a page is in it. */
import type { Latencies } from '../../evidence.js'
import { isSurprise, type Row } from '../../row.js'
import type { RunFacts } from '../files.js'
import { drillSection, surpriseSection } from './drill.js'
import { groupsOf } from './groups.js'
import { latencySection } from './latency.js'
import { html, Markup } from './markup.js'
import { matrixSection } from './matrix.js'
import { countsOf } from './outcome.js'
import { pathSection } from './paths.js'
import { style } from './style.js'
import { timelineSection } from './timeline.js'

/** Opens what a link leads to. Without it the link still leads there. */
const script = `addEventListener('hashchange',function(){var e=document.getElementById(location.hash.slice(1));if(e&&e.tagName==='DETAILS'){e.open=true;e.scrollIntoView()}});`

export function htmlReport(facts: RunFacts, rows: readonly Row[], latencies: Latencies): string {
  const groups = groupsOf(rows)
  const body = [
    head(facts, rows),
    surpriseSection(rows),
    matrixSection(groups),
    pathSection(rows),
    latencySection(latencies),
    timelineSection(rows),
    drillSection(groups),
  ]
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>zcomp harness: ${countsOf(rows)}</title>
<link rel="icon" href="data:,"><style>${new Markup(style)}</style></head><body><a class="skip" href="#matrix">To the matrix</a>
${contents(body)}<script>${new Markup(script)}</script></body></html>
`.text
}

/** Links to the sections that there are. */
function contents([top, ...sections]: readonly Markup[]): Markup {
  const links = sections.flatMap(({ text }) => {
    const [, id, name] = /<h2 id="(\w+)">([^<]+)</.exec(text) ?? []
    return id === undefined || name === undefined ? [] : [html`<li><a href="#${id}">${name}</a></li>`]
  })
  return html`${top}<nav aria-label="Sections"><ul>${links}</ul></nav><main>${sections}</main>`
}

function head(facts: RunFacts, rows: readonly Row[]): Markup {
  const bad = rows.some(isSurprise)
  const { seed, pages, pageCount, pagesDigest, node, platform } = facts
  return html`<header><h1>zcomp harness</h1><p class="verdict${bad ? ' bad' : ''}">${countsOf(rows) || 'nothing ran'}</p>
<dl class="facts small"><dt>seed</dt><dd>${seed}</dd><dt>pages</dt><dd>${pageCount} (${pages})</dd><dt>digest</dt><dd><code>${pagesDigest}</code></dd>
<dt>on</dt><dd>Node ${node}, ${platform}</dd></dl></header>`
}
