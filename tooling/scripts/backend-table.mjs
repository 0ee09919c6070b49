/**
 * The table of backends and levels in README.md and docs/choosing.md, made from docs/figures/bench.json and what the backends claim.
 *
 *   node backend-table.mjs                   writes the blocks
 *   node backend-table.mjs --check           says whether they are what figures and claims make
 *   node backend-table.mjs --built           the same with what is built already
 *   node backend-table.mjs --measure FILE    measures on pages of 4 KiB in FILE first; --count pages (4096), --rounds (5)
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { backends, measure } from './lib/backend-figures.mjs'
import { fullBlock, shortBlock, stale } from './lib/backend-tables.mjs'
import { runTurbo } from './lib/turbo.mjs'
import { readJson, root } from './lib/workspace.mjs'

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
    measure: { type: 'string' },
    count: { type: 'string', default: '4096' },
    rounds: { type: 'string', default: '5' },
  },
})
const json = join(root, 'docs/figures/bench.json')

if (!values.built && runTurbo(['run', 'build', '--filter=@zcomp/bench...', '--output-logs=errors-only'], 2) !== 0)
  process.exit(1)
if (values.measure !== undefined) {
  const said = process.stderr.isTTY
    ? (/** @type {string} */ text) => process.stderr.write(`\r\x1b[2K${text}`)
    : () => {}
  const figures = await measure({
    file: values.measure,
    count: Number(values.count),
    rounds: Number(values.rounds),
    said,
  })
  mkdirSync(dirname(json), { recursive: true })
  writeFileSync(json, `${JSON.stringify(figures, undefined, 2)}\n`)
}

const figures = readJson(json)
const claims = await backends()
const problems = stale(figures, claims)
for (const [file, block] of Object.entries({
  'README.md': shortBlock(figures),
  'docs/choosing.md': fullBlock(figures, claims),
})) {
  const text = readFileSync(join(root, file), 'utf8')
  const marked = /<!-- table:backends -->[\s\S]*?<!-- \/table -->/
  if (!marked.test(text)) problems.push(`${file} has no block from <!-- table:backends --> to <!-- /table -->`)
  const wanted = text.replace(marked, () => `<!-- table:backends -->\n${block}\n<!-- /table -->`)
  if (wanted === text) continue
  if (values.check)
    problems.push(
      `${file}: the table is not what docs/figures/bench.json and the backends make: node tooling/scripts/backend-table.mjs writes it`,
    )
  else writeFileSync(join(root, file), wanted)
}
console.log(problems.length === 0 ? 'the tables are what figures and claims make' : problems.join('\n'))
process.exit(problems.length === 0 ? 0 : 1)
