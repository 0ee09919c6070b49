import { expect, test } from 'vitest'
import { fencesOf } from '../lib/fences.mjs'

test('finds what is marked as code that runs, with the line where it starts', () => {
  const text = ['# A', '```ts', 'one()', '```', '```sh', 'no', '```', '', '~~~js', '```', 'two()', '~~~'].join('\n')
  expect(fencesOf(text)).toEqual([
    { language: 'ts', code: 'one()\n', line: 3 },
    { language: 'js', code: '```\ntwo()\n', line: 10 },
  ])
})

test('leaves plain fences, prose and a fence without an end alone', () => {
  expect(fencesOf('```\nplain\n```\ntext `ts` text\n```ts\nnever closed')).toEqual([])
})

test('reads Windows line ends and the long names of the languages', () => {
  expect(fencesOf('```typescript\r\na()\r\n```\r\n```javascript\r\nb()\r\n```')).toEqual([
    { language: 'ts', code: 'a()\n', line: 2 },
    { language: 'js', code: 'b()\n', line: 5 },
  ])
})
