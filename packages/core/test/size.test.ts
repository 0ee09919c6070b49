import { expect, it } from 'vitest'
import { parseSize, type Size } from '../src/index.js'

it.each<[Size, number]>([
  [0, 0],
  [4097, 4097],
  ['64M', 64 * 2 ** 20],
  ['64m\n', 64 * 2 ** 20],
  ['1G', 2 ** 30],
  ['2T', 2 ** 41],
  ['4096', 4096],
  ['0x1000', 4096],
  ['010', 8],
])('%j is %i bytes', (text, bytes) => {
  expect(parseSize(text, 'disksize')).toBe(bytes)
})

it.each([
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  '',
  'M',
  '1.5G',
  '-4096',
  '64MB',
  '1 G',
  '8E9',
  null,
  undefined,
  {},
])('refuses %j by name', (value) => {
  expect(() => parseSize(value as Size, 'disksize')).toThrow(/disksize must be whole bytes from 0/)
})
