import { expect, test } from 'vitest'
import { promisesOf } from '../lib/promises.mjs'

test('reads names, files with and without a title, and cases', () => {
  const text = [
    '| | what holds | held by |',
    '|---|---|---|',
    '| C1 | this `and` that | `kit a/b`, `core/test/x.test.ts` "a title", `y.mjs` |',
    '| W21 | nothing | |',
    'C2 in a sentence is none',
  ].join('\n')
  expect(promisesOf(text)).toEqual([
    {
      name: 'C1',
      references: [
        { kind: 'kit', id: 'a/b' },
        { kind: 'file', path: 'core/test/x.test.ts', title: 'a title' },
        { kind: 'file', path: 'y.mjs', title: undefined },
      ],
    },
    { name: 'W21', references: [] },
  ])
})
