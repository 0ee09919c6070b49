/** Which way pages went, by reason. */
import type { Row } from '../../row.js'
import { backendsOf } from './groups.js'
import { html, type Markup } from './markup.js'

/** `software no device` and the like, largest first. */
function sharesOf(rows: readonly Row[]): [path: string, pages: number][] {
  const sums = new Map<string, number>()
  for (const { evidence } of rows) {
    for (const [path, pages] of Object.entries(evidence?.paths ?? {})) sums.set(path, (sums.get(path) ?? 0) + pages)
  }
  return [...sums].sort(([, a], [, b]) => b - a)
}

export function pathSection(all: readonly Row[]): Markup {
  const rows = all.filter(({ mode }) => mode === 'managed')
  if (sharesOf(rows).length === 0) return html``
  const each = backendsOf(rows).map((backend) => {
    const own = rows.filter((row) => row.backend === backend)
    return html`<details><summary>${backend}</summary><div class="scroll flush">${table(`Pages of ${backend}`, own)}</div></details>`
  })
  return html`<section aria-labelledby="paths"><h2 id="paths">Paths of pages</h2>
<p class="small dim">Pages of devices with managed streams. <strong>managed</strong>: an engine answered. <strong>software</strong>: no stream was asked for or to be had, for the
reason named. <strong>redone</strong>: an engine failed the page, and software compressed it.</p>
<div class="scroll">${table('All backends', rows)}</div>${each}</section>`
}

function table(caption: string, rows: readonly Row[]): Markup {
  const shares = sharesOf(rows)
  const total = shares.reduce((sum, [, pages]) => sum + pages, 0)
  const lines = shares.map(([path, pages]) => {
    const share = total === 0 ? 0 : (100 * pages) / total
    const kind = path.split(' ')[0] ?? ''
    return html`<tr><th scope="row">${path}</th><td class="n">${pages}</td><td class="n">${percent(share)}</td>
<td class="track"><span class="bar ${kind}" style="width:${share.toFixed(2)}%"></span></td></tr>`
  })
  return html`<table><caption>${caption}</caption><thead><tr><th scope="col">path</th><th scope="col" class="n">pages</th><th scope="col" class="n">share</th>
<th scope="col"><span class="hidden">bar</span></th></tr></thead><tbody>${lines}</tbody></table>`
}

function percent(share: number): string {
  return share > 0 && share < 0.1 ? '< 0.1 %' : `${share.toFixed(1)} %`
}
