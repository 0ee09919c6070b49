/** What a backend is, before anything is compressed. */
import type { Range, ZcompOps } from '@zcomp/core'
import { check, fail, NotClaimed, same, show } from '../check.js'
import { expectPage, press } from '../codec.js'
import { makePage } from '../pages.js'
import type { Case } from '../types.js'

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isPowerOfTwo = (n: number): boolean => Number.isInteger(n) && n > 0 && Number.isInteger(Math.log2(n))
const within = (n: unknown, { min, max }: Range): boolean => Number.isInteger(n) && Number(n) >= min && Number(n) <= max

const members = ['abi', 'name', 'format', 'caps', 'module', 'setupParams'] as const
const capNames = ['levels', 'dict', 'winbits', 'pageSizes', 'managed'] as const

function checkRange(name: string, range: Range | 'none'): void {
  if (range === 'none') return
  check(isObject(range), `caps.${name} to be a range or 'none'`, range)
  const whole = Number.isInteger(range.min) && Number.isInteger(range.max) && range.min <= range.max
  check(whole, `caps.${name} to have whole numbers min <= max`, range)
  check(range.default === 'auto' || within(range.default, range), `caps.${name}.default within, or 'auto'`, range)
}

function checkDeepFrozen(value: unknown, path: string): void {
  if (!isObject(value) || ArrayBuffer.isView(value)) return
  check(Object.isFrozen(value), `${path} to be frozen`, 'an object that anybody can change')
  for (const [name, member] of Object.entries(value)) checkDeepFrozen(member, `${path}.${name}`)
}

async function rebuild(ops: ZcompOps, load: (url: string) => Promise<unknown>): Promise<ZcompOps> {
  if (ops.module === 'none') fail("module to be other than 'none'", ops.module)
  const { url, factory, options } = ops.module
  let exports: unknown
  try {
    exports = await load(url)
  } catch (error) {
    if (/\.[cm]?tsx?$/.test(url))
      throw new NotClaimed(`module.url is a source file, ${show(error)}: judge the built package`)
    fail(`import(${show(url)}), which module.url names, to work`, error)
  }
  const make = (exports as Record<string, unknown>)[factory]
  if (typeof make !== 'function') fail(`module.factory, ${show(factory)}, to be exported as a function`, make)
  return (await make(structuredClone(options))) as ZcompOps
}

export const contractCases: readonly Case[] = [
  {
    id: 'contract/shape',
    claim: 'a backend has every member of ZcompOps, and its caps every member of ZcompCaps',
    level: 1,
    mutants: ['no-format'],
    run({ ops }) {
      check(isObject(ops), 'an object', ops)
      for (const name of members) check(ops[name] !== undefined, `a member ${name}`, ops[name])
      check(isObject(ops.caps), 'caps to be an object', ops.caps)
      for (const name of capNames) check(ops.caps[name] !== undefined, `a member caps.${name}`, ops.caps[name])
      check(typeof ops.setupParams === 'function', 'setupParams to be a function', ops.setupParams)
    },
  },
  {
    id: 'contract/abi',
    claim: 'a backend speaks version 1 of the contract',
    level: 1,
    mutants: ['next-abi'],
    run: ({ ops }) => same(ops.abi, 1, 'abi'),
  },
  {
    id: 'contract/name',
    claim: 'the name is lower-case letters, digits and hyphens, the format one word',
    level: 1,
    mutants: ['capital-name'],
    run({ ops }) {
      check(/^[a-z0-9][a-z0-9-]*$/.test(ops.name), 'a name of lower-case letters, digits and hyphens', ops.name)
      check(/^\S+$/.test(ops.format), 'a format of one word', ops.format)
    },
  },
  {
    id: 'contract/frozen',
    claim: 'nobody can change what a backend claims',
    level: 1,
    mutants: ['thawed'],
    run: ({ ops }) => checkDeepFrozen(ops, 'the backend'),
  },
  {
    id: 'contract/caps-valid',
    claim: "caps are ranges with min <= max and a default within, powers of two for pages, or 'none'",
    level: 1,
    mutants: ['upside-down-levels'],
    run({ caps }) {
      checkRange('levels', caps.levels)
      checkRange('winbits', caps.winbits)
      const { dict, pageSizes, managed } = caps
      const dictOk = dict === 'none' || (isObject(dict) && Number.isInteger(dict.maxBytes) && dict.maxBytes > 0)
      check(dictOk, "caps.dict to be { maxBytes } above 0, or 'none'", dict)
      const { min, max } = pageSizes
      check(
        isPowerOfTwo(min) && isPowerOfTwo(max) && min <= max,
        'caps.pageSizes to be powers of two, min <= max',
        pageSizes,
      )
      check(managed === 'compress' || managed === 'none', "caps.managed to be 'compress' or 'none'", managed)
    },
  },
  {
    id: 'contract/caps-cloneable',
    claim: 'caps are plain data that a worker receives unchanged',
    level: 1,
    mutants: ['caps-with-function'],
    run({ caps }) {
      let copy: unknown
      try {
        copy = structuredClone(caps)
      } catch (error) {
        fail('structuredClone(caps) to work', error)
      }
      same(JSON.stringify(copy), JSON.stringify(caps), 'a clone of caps, as JSON,')
    },
  },
  {
    id: 'contract/module',
    claim: 'module builds the software form of the same backend: same format, no managed streams, pages that both read',
    level: 1,
    mutants: ['module-of-other-format'],
    when: (_, { ops }) => ops.module !== 'none',
    async run(t) {
      const again = await rebuild(t.ops, t.import)
      same(again?.format, t.ops.format, 'the format of what module builds')
      same(again.caps.managed, 'none', 'caps.managed of what module builds')
      const ours = await t.ctx()
      const theirs = t.ctxOf(await t.setup({}, again))
      const page = makePage('text', t.pageSize, t.seed)
      expectPage(theirs, press(ours, page), page, 'our page by what module builds')
      expectPage(ours, press(theirs, page), page, 'a page of what module builds')
    },
  },
]
