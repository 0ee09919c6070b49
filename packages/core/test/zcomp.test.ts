import { describe, expect, it } from 'vitest'
import { defineBackend, neverWait, Status, simpleCtx, virtualRuntime, Zcomp, type ZcompOps } from '../src/index.js'
import { toy } from './support/toy.js'

const pageSize = 4096
const page = (fill: number): Uint8Array => new Uint8Array(pageSize).fill(fill, 0, 100)

describe('Zcomp', () => {
  it('lends a context to one holder at a time and takes it back once', async () => {
    const { ops, seen } = toy()
    const zcomp = await Zcomp.create(ops, { pageSize })
    const a = zcomp.getStream()
    const b = zcomp.getStream()
    expect(seen.contexts).toBe(2)
    expect(a.input).not.toBe(b.input)
    a.release()
    a.release()
    const c = zcomp.getStream()
    const d = zcomp.getStream()
    expect(seen.contexts).toBe(3)
    for (const stream of [b, c, d]) stream.release()
    await zcomp.close()
    expect(seen).toMatchObject({ contexts: 0, setups: 0 })
  })

  it('refuses use after release, and streams after close', async () => {
    const { ops } = toy()
    const zcomp = await Zcomp.create(ops, { pageSize })
    const stream = zcomp.getStream()
    stream.release()
    expect(() => stream.compress(0, pageSize)).toThrow(/used after release/)
    expect(() => stream.decompress(page(1), page(1))).toThrow(/used after release/)
    await zcomp.close()
    expect(() => zcomp.getStream()).toThrow(expect.objectContaining({ code: 'ENODEV' }))
  })

  it('round-trips a page in software', async () => {
    const { ops } = toy()
    const zcomp = await Zcomp.create(ops, { pageSize })
    const out = new Uint8Array(pageSize)
    const wrote = zcomp.compressPageSync(page(7), out)
    expect(wrote).toBe(101)
    const stream = zcomp.getStream()
    const back = new Uint8Array(pageSize)
    expect(stream.decompress(out.subarray(0, wrote), back)).toBe(pageSize)
    expect(back).toEqual(page(7))
    expect(zcomp.software).toMatchObject({ compressed: 1, decompressed: 1, fault: 0, corrupt: 0 })
    stream.release()
    await zcomp.close()
  })

  it.each([
    [101, 101],
    [0, Status.fault],
    [Number.NaN, Status.fault],
    [1.5, Status.fault],
    [2 * pageSize + 1, Status.fault],
    [-1, Status.fault],
    [Status.corrupt, Status.fault],
    [Status.declined, Status.declined],
    [Status.noSpace, Status.declined],
  ])('judges a compression that answers %s', async (answer, judged) => {
    const zcomp = await Zcomp.create(answering({ compress: () => answer }), { pageSize })
    const stream = zcomp.getStream()
    expect(stream.compress(0, pageSize)).toBe(judged)
    stream.release()
    await zcomp.close()
  })

  it.each([
    [pageSize, pageSize],
    [pageSize - 1, Status.corrupt],
    [pageSize + 1, Status.fault],
    [0, Status.fault],
    [Number.NaN, Status.fault],
    [-7, Status.fault],
    [Status.corrupt, Status.corrupt],
    [Status.noSpace, Status.corrupt],
    [Status.fault, Status.fault],
  ])('judges a decompression that answers %s', async (answer, judged) => {
    const zcomp = await Zcomp.create(answering({ decompress: () => answer }), { pageSize })
    const stream = zcomp.getStream()
    expect(stream.decompress(page(1), page(2))).toBe(judged)
    stream.release()
    await zcomp.close()
  })

  it('contains what a codec throws', async () => {
    const broken = answering({
      compress: () => {
        throw new Error('codec')
      },
    })
    const zcomp = await Zcomp.create(broken, { pageSize })
    expect(zcomp.compressPageSync(page(1), new Uint8Array(pageSize))).toBe(Status.fault)
    expect(zcomp.software.fault).toBe(1)
    await zcomp.close()
  })

  it('names the parameter that was refused, and leaves nothing behind', async () => {
    const { ops, seen } = toy()
    await expect(Zcomp.create(ops, { pageSize, level: 4 })).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringMatching(/toy: level must be/),
    })
    expect(seen).toMatchObject({ contexts: 0, setups: 0 })
  })

  it('ends the setup where the first context cannot be made', async () => {
    const { ops, seen } = toy()
    const broken: ZcompOps = {
      ...ops,
      async setupParams(params) {
        const setup = await ops.setupParams(params)
        if ('refused' in setup) return setup
        return {
          managed: 'none',
          createCtx() {
            throw new Error('out of memory')
          },
          [Symbol.asyncDispose]: () => setup[Symbol.asyncDispose](),
        }
      },
    }
    await expect(Zcomp.create(broken, { pageSize })).rejects.toMatchObject({ code: 'ENOMEM' })
    expect(seen.setups).toBe(0)
  })

  it('refuses a context that is too small', async () => {
    const small = answering({})
    const ops: ZcompOps = {
      ...small,
      async setupParams() {
        return {
          managed: 'none',
          createCtx: () => simpleCtx({ pageSize: 64, compress: () => 1, decompress: () => 1 }),
          async [Symbol.asyncDispose]() {},
        }
      },
    }
    await expect(Zcomp.create(ops, { pageSize: 262144 })).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringMatching(/an input of a page and a buffer of two/),
    })
  })

  it('does not wait for a setup that never ends', async () => {
    const runtime = virtualRuntime()
    const { ops } = toy()
    const hanging: ZcompOps = {
      ...ops,
      async setupParams(params) {
        const setup = await ops.setupParams(params)
        if ('refused' in setup) return setup
        return { ...setup, [Symbol.asyncDispose]: () => new Promise<void>(() => {}) }
      },
    }
    const zcomp = await Zcomp.create(hanging, { pageSize }, { runtime, drainMs: 50 })
    await runtime.settle(zcomp.close())
    expect(runtime.now()).toBe(50)
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    'refuses to wait for %d milliseconds at its end',
    async (drainMs) => {
      const { ops, seen } = toy()
      await expect(Zcomp.create(ops, { pageSize }, { drainMs })).rejects.toMatchObject({
        code: 'EINVAL',
        message: expect.stringMatching(/drainMs: expected milliseconds from 0 to 2147483647/),
      })
      expect(seen.setups).toBe(0)
    },
  )

  it('compresses on a device where there is one', async () => {
    const runtime = virtualRuntime()
    const { ops, seen } = toy({ streams: 2, runtime, behaviour: () => ({ after: 3 }) })
    const zcomp = await Zcomp.create(ops, { pageSize }, { runtime, managed: { policy: neverWait() } })
    const out = new Uint8Array(pageSize)
    expect(await runtime.settle(zcomp.compressPage(page(5), out))).toBe(101)
    expect(seen).toMatchObject({ requests: 1, lent: 0 })
    await runtime.settle(zcomp.close())
  })
})

function answering(codec: { compress?: () => number; decompress?: () => number }): ZcompOps {
  return defineBackend({
    name: 'answering',
    format: 'answering',
    caps: { levels: 'none', dict: 'none', winbits: 'none', pageSizes: { min: 4096, max: 262144 }, managed: 'none' },
    module: 'none',
    async setupParams() {
      const ctx = simpleCtx({
        pageSize,
        compress: codec.compress ?? (() => 1),
        decompress: codec.decompress ?? (() => pageSize),
      })
      const decompress = codec.decompress ?? ctx.decompress
      return { managed: 'none', createCtx: () => ({ ...ctx, decompress }), async [Symbol.asyncDispose]() {} }
    },
  })
}
