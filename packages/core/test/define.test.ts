import { describe, expect, it } from 'vitest'
import { type BackendSpec, createRegistry, defineBackend, isZcompError, refusal, type ZcompOps } from '../src/index.js'
import { toy } from './support/toy.js'

const spec: BackendSpec = {
  name: 'mine',
  format: 'mine',
  caps: {
    levels: { min: 1, max: 9, default: 6 },
    dict: { maxBytes: 10 },
    winbits: 'none',
    pageSizes: { min: 4096, max: 16384 },
    managed: 'none',
  },
  module: 'none',
  setupParams: async () => ({ refused: 'level', why: 'never' }),
}

describe('defineBackend', () => {
  it('stamps the version and freezes all of it', () => {
    const ops = defineBackend(spec)
    expect(ops.abi).toBe(1)
    expect(Object.isFrozen(ops) && Object.isFrozen(ops.caps) && Object.isFrozen(ops.caps.levels)).toBe(true)
  })

  it('keeps its own copy of caps', () => {
    const caps = { ...spec.caps, pageSizes: { min: 4096, max: 4096 } }
    const ops = defineBackend({ ...spec, caps })
    caps.pageSizes.max = 65536
    expect(ops.caps.pageSizes.max).toBe(4096)
  })

  it.each<[string, object, RegExp]>([
    ['name', { name: 'Mine' }, /name must be lower-case/],
    ['format', { format: 'two words' }, /format must be one word/],
    ['setupParams', { setupParams: undefined }, /setupParams must be a function/],
    [
      'levels',
      { caps: { ...spec.caps, levels: { min: 2, max: 1, default: 1 } } },
      /caps\.levels must have whole numbers/,
    ],
    [
      'default',
      { caps: { ...spec.caps, levels: { min: 1, max: 3, default: 4 } } },
      /caps\.levels\.default must be from 1 to 3/,
    ],
    ['dict', { caps: { ...spec.caps, dict: { maxBytes: 0 } } }, /caps\.dict must be/],
    ['pageSizes', { caps: { ...spec.caps, pageSizes: { min: 4096, max: 5000 } } }, /powers of two/],
    ['managed', { caps: { ...spec.caps, managed: 'yes' } }, /caps\.managed must be/],
    ['module', { module: { url: 'here', factory: 'f', options: null } }, /module\.url must be a URL/],
    ['options', { module: { url: 'file:///x', factory: 'f', options: { f() {} } } }, /structuredClone/],
  ])('names a wrong %s', (_what, change, message) => {
    expect(() => defineBackend({ ...spec, ...change } as BackendSpec)).toThrow(message)
  })

  it('refuses from caps before the backend is asked, and hands over a private dictionary', async () => {
    const given: Uint8Array[] = []
    const ops = defineBackend({
      ...spec,
      async setupParams({ dict }) {
        if (dict) given.push(dict)
        return { refused: 'level', why: 'asked' }
      },
    })
    const dict = new Uint8Array([1, 2, 3])
    expect(await ops.setupParams({ pageSize: 4096, level: 10 })).toEqual({
      refused: 'level',
      why: expect.stringContaining('from 1 to 9, not 10'),
    })
    expect(await ops.setupParams({ pageSize: 4096, dict })).toEqual({ refused: 'level', why: 'asked' })
    dict[0] = 99
    expect(given[0]?.[0]).toBe(1)
  })
})

describe('refusal', () => {
  const { caps } = spec
  it.each([
    [{ pageSize: 4096 }, undefined],
    [{ pageSize: 5000 }, 'pageSize'],
    [{ pageSize: 32768 }, 'pageSize'],
    [{ pageSize: Number.NaN }, 'pageSize'],
    [{ pageSize: 4096, level: 0 }, 'level'],
    [{ pageSize: 4096, level: 1.5 }, 'level'],
    [{ pageSize: 4096, winbits: 12 }, 'winbits'],
    [{ pageSize: 4096, dict: new Uint8Array(0) }, 'dict'],
    [{ pageSize: 4096, dict: new Uint8Array(11) }, 'dict'],
    [{ pageSize: 4096, dict: new Uint8Array(10), level: 9 }, undefined],
  ])('%j', (params, refused) => {
    expect(refusal(caps, params)?.refused).toBe(refused)
  })
})

describe('createRegistry', () => {
  const { ops } = toy()
  const other: ZcompOps = { ...ops, name: 'other' }

  it('keeps the order and prints as the kernel does', () => {
    const registry = createRegistry([other, ops])
    expect(registry.names).toEqual(['other', 'toy'])
    expect(registry.default.name).toBe('other')
    expect(registry.show('toy')).toBe('other [toy] \n')
    expect(registry.get('toy\n')).toBe(ops)
  })

  it.each<[string, unknown, string, RegExp]>([
    ['nothing', [], 'EINVAL', /at least one backend/],
    ['a duplicate', [ops, ops], 'EINVAL', /backends\[1\].*"toy" is in the list already/],
    ['a function', [() => ops], 'EINVAL', /call it to make the backend/],
    ['something else', [{ name: 'x' }], 'EINVAL', /not a backend/],
    ['another version', [{ ...ops, abi: 2 }], 'ENOTSUP', /speaks version 2 of the contract, this core speaks 1/],
  ])('refuses %s', (_what, backends, code, message) => {
    const error = caught(() => createRegistry(backends as ZcompOps[]))
    expect(isZcompError(error) && error.code).toBe(code)
    expect(String(error)).toMatch(message)
  })

  it('lists what exists when a name is unknown', () => {
    expect(() => createRegistry([ops, other]).get('zstd')).toThrow(/no backend named "zstd"; there are: toy, other/)
  })
})

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
