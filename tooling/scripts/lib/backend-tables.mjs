/** Figures as Markdown. */

/**
 * @typedef {import('./backend-figures.mjs').Figures} Figures
 * @typedef {import('./backend-figures.mjs').Row} Row
 * @typedef {import('./backend-figures.mjs').Spread} Spread
 */

const pageSize = 4096

/** How the figures differ from what the backends claim. @param {Figures} figures @param {any[]} backends @returns {string[]} */
export function stale({ rows }, backends) {
  const problems = []
  for (const { name } of backends) {
    if (!rows.some((row) => row.backend === name && row.isDefault))
      problems.push(`${name} has no figures at its default`)
  }
  for (const { backend, level, dict, isDefault } of rows) {
    const caps = backends.find(({ name }) => name === backend)?.caps
    const what = `figures of ${backend}, level ${level ?? 'none'}:`
    if (!caps) problems.push(`${what} there is no such backend`)
    else if (level === null ? caps.levels !== 'none' : !within(level, caps.levels))
      problems.push(`${what} it claims no such level`)
    else if (isDefault && level !== null && caps.levels.default !== level)
      problems.push(`${what} its default is another`)
    if (caps && dict !== null && !(dict <= caps.dict?.maxBytes))
      problems.push(`${what} it claims no dictionary of ${dict} bytes`)
  }
  return problems
}

/** @param {number} level @param {any} range */
const within = (level, range) => range !== 'none' && level >= range.min && level <= range.max

/** A row for each family, its levels side by side. @param {Figures} figures */
export function shortBlock(figures) {
  const plain = figures.rows.filter(({ dict }) => dict === null)
  const families = [...new Set(plain.map(familyOf))]
  const lines = families.map((family) => {
    const rows = plain.filter((row) => familyOf(row) === family)
    const all = (/** @type {(row: Row) => string} */ cell) => rows.map(cell).join(' · ')
    return [
      [...new Set(rows.map(({ backend }) => backend))].join(' · '),
      rows.some(({ level }) => level !== null)
        ? all(({ level, isDefault }) => (isDefault ? `**${level}**` : String(level)))
        : '',
      all((row) => ratioOf(row, figures).toFixed(2)),
      all((row) => percent(row.held, figures)),
      all((row) => micro(row.ns.compress)) + overC(rows, 'compress'),
      all((row) => micro(row.ns.decompress)) + overC(rows, 'decompress'),
    ]
  })
  const head = [
    'backend ([more](docs/choosing.md))',
    'level',
    'ratio',
    'held by zram',
    'µs to compress a page (of C)',
    'and back (of C)',
  ]
  return table(head, lines)
}

/** @param {Row} row */
const familyOf = ({ backend }) => (backend.startsWith('lzo') ? 'lzo' : backend)

/** The default's figure beside the C library's. @param {Row[]} rows @param {'compress' | 'decompress'} way */
function overC(rows, way) {
  const ratio = (rows.find(({ isDefault }) => isDefault) ?? rows[0])?.overC?.[way]
  return ratio ? ` (${ratio.median.toFixed(2)})` : ''
}

/** @param {Figures} figures @param {any[]} backends */
export function fullBlock(figures, backends) {
  return [caption(figures), mainTable(figures), sortsTable(figures), capsTable(backends)].join('\n\n')
}

/** @param {Figures} figures */
function caption({ date, machine, pages, rounds }) {
  return (
    `${date}; ${pages.count} pages of 4 KiB, of which one word fills ${pages.sameFilled} (they never reach a codec); ${machine.cores} cores, Node ` +
    `${machine.node}, ${machine.platform}; medians of ${rounds} rounds, CPU time of one thread. Load average ${machine.load.join(' before, ')} after: ` +
    'the machine was not ours alone, so trust the columns "of C" more than nanoseconds.'
  )
}

/** @param {Figures} figures */
function mainTable(figures) {
  const lines = figures.rows.map((row) => [
    nameOf(row),
    ratioOf(row, figures).toFixed(3),
    percent(row.held, figures),
    percent(row.huge * pageSize, figures),
    ns(row.ns.compress),
    row.cNs ? ns(row.cNs.compress) : '',
    row.overC ? between(row.overC.compress) : '',
    ns(row.ns.decompress),
    row.cNs ? ns(row.cNs.decompress) : '',
    row.overC ? between(row.overC.decompress) : '',
  ])
  const head = [
    'backend, level',
    'ratio',
    'held by zram',
    'huge',
    'compress, ns',
    'C, ns',
    'of C',
    'decompress, ns',
    'C, ns',
    'of C',
  ]
  return table(head, lines)
}

/** @param {Row} row */
function nameOf({ backend, level, dict, isDefault }) {
  const name = level === null ? backend : `${backend} ${level}`
  return dict === null ? (isDefault ? `**${name}**` : name) : `${name}, dictionary of ${(dict / 1024).toFixed(0)} KiB`
}

/** @param {Figures} figures */
function sortsTable({ pages: { sorts, count }, rows }) {
  const sort = ['lz4 makes at most 1024 bytes', 'to 2048', 'to 3624', 'huge with lz4']
  const share = sorts.map((n) => `${((100 * n) / count).toFixed(0)} %`)
  const lines = rows
    .filter(({ isDefault, backend, level }) => isDefault || (backend === 'zstd' && level === 15))
    .map((row) => [nameOf(row), ...row.meanBySort.map(String)])
  return `Bytes stored per page, by what lz4 makes of it:\n\n${table(['', ...sort], [['share of all pages', ...share], ...lines])}`
}

/** @param {any[]} backends */
function capsTable(backends) {
  const range = (/** @type {any} */ r) => (r === 'none' ? '' : `${r.min} to ${r.max} (${r.default})`)
  const lines = backends.map(({ name, format, caps }) => [
    name,
    format,
    range(caps.levels),
    range(caps.winbits),
    caps.dict === 'none' ? '' : `${caps.dict.maxBytes / 1024} KiB`,
    `${caps.pageSizes.min} to ${caps.pageSizes.max}`,
  ])
  return `What each can do:\n\n${table(['backend', 'format', 'levels (default)', 'window bits', 'dictionary', 'page, bytes'], lines)}`
}

/** Over the pages that reach a codec. @param {Row} row @param {Figures} figures */
const ratioOf = ({ stored }, { pages }) => ((pages.count - pages.sameFilled) * pageSize) / stored
/** Of everything written. @param {number} bytes @param {Figures} figures */
const percent = (bytes, { pages }) => `${((100 * bytes) / (pages.count * pageSize)).toFixed(1)} %`
/** @param {Spread} spread */
const ns = ({ median }) => Math.round(median).toLocaleString('en-US')
/** @param {Spread} spread */
const micro = ({ median }) => (median < 99_500 ? (median / 1000).toPrecision(2) : (median / 1000).toFixed(0))
/** @param {Spread} spread */
const between = ({ median, min, max }) => `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`

/** @param {string[]} head @param {string[][]} lines */
function table(head, lines) {
  const row = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`
  return [row(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(row)].join('\n')
}
