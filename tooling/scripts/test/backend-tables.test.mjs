import { expect, test } from 'vitest'
import { fullBlock, shortBlock, stale } from '../lib/backend-tables.mjs'

/** @param {number} median */
const spread = (median) => ({ median, min: median / 2, max: median * 2 })
/** @param {number} compress @param {number} decompress */
const both = (compress, decompress) => ({ compress: spread(compress), decompress: spread(decompress) })

/** @param {object} over @returns {import('../lib/backend-figures.mjs').Row} */
const row = (over) => ({
  backend: 'fast',
  level: 1,
  dict: null,
  isDefault: true,
  stored: 40 * 4096,
  held: 50 * 4096,
  huge: 10,
  meanBySort: [500, 1500, 2500, 4096],
  ns: both(6000, 2000),
  cNs: both(5000, 1000),
  overC: both(1.2, 2),
  ...over,
})

/** @param {object[]} rows @returns {import('../lib/backend-figures.mjs').Figures} */
const figures = (rows) => ({
  date: '2000-01-01',
  machine: { cores: 2, node: 'v20.0.0', platform: 'linux x64', load: [0.5, 1] },
  rounds: 3,
  pages: { count: 100, sameFilled: 20, sorts: [20, 30, 20, 10] },
  rows: rows.map(row),
})

const claims = [
  {
    name: 'fast',
    format: 'f',
    caps: {
      levels: { min: 1, max: 9, default: 1 },
      winbits: 'none',
      dict: { maxBytes: 65536 },
      pageSizes: { min: 4096, max: 65536 },
    },
  },
]

test('levels of one backend stand side by side, the default in bold, ratios over pages that reach a codec', () => {
  const block = shortBlock(figures([{}, { level: 5, isDefault: false, stored: 80 * 4096, held: 90 * 4096 }]))
  expect(block).toContain('| fast | **1** · 5 | 2.00 · 1.00 | 50.0 % · 90.0 % | 6.0 · 6.0 (1.20) | 2.0 · 2.0 (2.00) |')
})

test('a backend without a C library has no ratio to it, and a dictionary has a row of the long table only', () => {
  const some = figures([
    { cNs: null, overC: null },
    { dict: 16384, isDefault: false },
  ])
  expect(shortBlock(some)).toContain('| fast | **1** | 2.00 | 50.0 % | 6.0 | 2.0 |')
  expect(fullBlock(some, claims)).toContain('| **fast 1** | 2.000 | 50.0 % | 10.0 % | 6,000 |  |  | 2,000 |  |  |')
  expect(fullBlock(some, claims)).toContain('| fast 1, dictionary of 16 KiB |')
})

test('figures that fit what backends claim are not stale', () => {
  expect(stale(figures([{}, { level: 9, isDefault: false, dict: 65536 }]), claims)).toEqual([])
})

test.each([
  [{ level: 10, isDefault: false }, 'it claims no such level'],
  [{ level: null, isDefault: false }, 'it claims no such level'],
  [{ level: 2 }, 'its default is another'],
  [{ dict: 65537, isDefault: false }, 'it claims no dictionary of 65537 bytes'],
  [{ backend: 'gone' }, 'there is no such backend'],
])('%j is stale', (over, why) => {
  expect(stale(figures([{}, over]), claims).join('\n')).toContain(why)
})

test('a backend without figures is named', () => {
  expect(stale(figures([{ isDefault: false }]), claims)).toEqual(['fast has no figures at its default'])
})
