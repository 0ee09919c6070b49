import { lz4 } from '@zcomp/backend-lz4'
import { makePage } from '@zcomp/conformance'
import { seededRandom, type ZcompOps } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { trainDictionary, zstd } from '../src/index.js'

/** Pages of noise, each with some of 40 records that pages of one program have in common, at any place. */
function samplePages(count: number, seed: number): Uint8Array[] {
  const records = Array.from({ length: 40 }, (_, i) => makePage('noise', 100, 1000 + i))
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, i) => {
    const page = makePage('noise', 4096, seed * 1000 + i)
    for (let n = 0; n < 12; n++) {
      page.set(records[Math.floor(random() * records.length)]!, Math.floor(random() * (4096 - 100)))
    }
    return page
  })
}

async function bytesWith(ops: ZcompOps, dict: Uint8Array | undefined, pages: Uint8Array[]): Promise<number> {
  const setup = await ops.setupParams({ pageSize: 4096, ...(dict && { dict }) })
  if ('refused' in setup) throw new Error(`${setup.refused} ${setup.why}`)
  const ctx = setup.createCtx()
  const sizes = pages.map((page) => {
    ctx.input.set(page)
    return ctx.compress(0, 4096)
  })
  return sizes.reduce((sum, size) => sum + size)
}

describe('trainDictionary', () => {
  const training = samplePages(100, 1)
  const heldOut = samplePages(50, 2)
  const dict = trainDictionary(training, { maxBytes: 8192 })

  for (const ops of [zstd(), lz4()]) {
    it(`makes pages that it has not seen smaller by what they share (${ops.name})`, async () => {
      const shared = 12 * 100
      const saved = (await bytesWith(ops, undefined, heldOut)) - (await bytesWith(ops, dict, heldOut))
      expect(saved / heldOut.length).toBeGreaterThan(0.7 * shared)
    })
  }

  it('keeps what is shared and little else', () => {
    expect(dict.length).toBeGreaterThanOrEqual(40 * 100)
    expect(dict.length).toBeLessThanOrEqual(8192)
  })

  it('puts what is worth most last', async () => {
    const small = trainDictionary(training, { maxBytes: 1024 })
    expect(small.length).toBe(1024)
    expect(dict.slice(-1024)).toEqual(small)
  })

  it('gives the same dictionary for the same samples', () => {
    expect(trainDictionary(training, { maxBytes: 8192 })).toEqual(dict)
  })

  it('names a size out of range', () => {
    for (const maxBytes of [7, -1, 64.5, Number.NaN, Infinity]) {
      expect(() => trainDictionary(training, { maxBytes })).toThrow(/maxBytes must be a whole number from 8/)
    }
  })

  it('says that samples have nothing in common', () => {
    const train = (samples: Uint8Array[]) => () => trainDictionary(samples, { maxBytes: 4096 })
    expect(train([])).toThrow('0 samples have nothing in common')
    expect(train([makePage('text', 4096)])).toThrow('1 samples have nothing in common')
    expect(train([Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3)])).toThrow('2 samples have nothing in common')
  })
})
