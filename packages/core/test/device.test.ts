import { describe, expect, it } from 'vitest'
import { isZcompError, seededRandom, ZramDevice, type ZramDeviceOptions } from '../src/index.js'
import { toy } from './support/toy.js'

const pageSize = 4096

async function device(options: Partial<ZramDeviceOptions> = {}): Promise<ZramDevice> {
  return ZramDevice.create({ disksize: '64M', backends: [toy().ops], ...options })
}

const bytes = (length: number, seed: number): Uint8Array => {
  const random = seededRandom(seed)
  return Uint8Array.from({ length }, () => 1 + Math.floor(random() * 255))
}

/** A page that the toy stores in `size` bytes. */
const stored = (size: number, seed: number): Uint8Array => {
  const page = new Uint8Array(pageSize)
  page.set(bytes(size - 1, seed))
  return page
}

describe('reads and writes', () => {
  it.each([4096, 8192, 16384, 32768, 65536])('keeps what was written at any place, with pages of %i', async (size) => {
    const dev = await device({ pageSize: size, disksize: '4M' })
    const model = new Uint8Array(4 << 20)
    const random = seededRandom(size)
    for (let i = 0; i < 60; i++) {
      const offset = Math.floor(random() * model.length)
      const length = Math.min(model.length - offset, Math.floor(random() ** 3 * 400_000))
      const data = i % 5 === 0 ? new Uint8Array(length) : bytes(length, i)
      if (i % 2) dev.writeSync(offset, data)
      else await dev.write(offset, data)
      model.set(data, offset)
    }
    expect(Buffer.compare(await dev.read(0, model.length), model)).toBe(0)
    expect(Buffer.compare(dev.readSync(777, 100_001), model.subarray(777, 100_778))).toBe(0)
    expect(dev.brokenLaws()).toEqual([])
    await dev.close()
  })

  it('reads zeros where nothing was written', async () => {
    const dev = await device()
    expect(await dev.read(4000, 5000)).toEqual(new Uint8Array(5000))
    await dev.close()
  })

  it('reads into the caller’s bytes', async () => {
    const dev = await device()
    await dev.write(100, bytes(50, 1))
    const into = new Uint8Array(50)
    expect(await dev.read(100, into)).toBe(into)
    expect(into).toEqual(bytes(50, 1))
    await dev.close()
  })

  it('takes a same-filled page as one word, without memory', async () => {
    const dev = await device({ memLimit: 4096 })
    const word = [1, 2, 3, 4, 5, 6, 7, 200]
    const page = Uint8Array.from({ length: pageSize }, (_, i) => word[i % 8] as number)
    await dev.write(0, page)
    await dev.write(pageSize, new Uint8Array(pageSize))
    expect(dev.stats().mm).toMatchObject({
      samePages: 2,
      comprDataSize: 0,
      memUsedTotal: 0,
      origDataSize: 2 * pageSize,
    })
    expect(dev.stats().software.compressed).toBe(0)
    expect(await dev.read(0, pageSize)).toEqual(page)
    await dev.close()
  })

  it('stores a page raw from the kernel’s threshold on', async () => {
    const dev = await device()
    await dev.write(0, stored(3624, 1))
    expect(dev.stats().mm).toMatchObject({ hugePages: 0, comprDataSize: 3624 })
    await dev.write(0, stored(3625, 2))
    expect(dev.stats().mm).toMatchObject({ hugePages: 1, hugePagesSince: 1, comprDataSize: 4096 })
    expect(await dev.read(0, pageSize)).toEqual(stored(3625, 2))
    await dev.write(0, stored(100, 3))
    expect(dev.stats().mm).toMatchObject({ hugePages: 0, hugePagesSince: 1, comprDataSize: 100 })
    await dev.close()
  })

  it('gives memory back when pages are discarded', async () => {
    const dev = await device()
    await dev.write(0, bytes(8 << 20, 1))
    expect(dev.stats().mm.memUsedTotal).toBeGreaterThanOrEqual(8 << 20)
    await dev.discard(0, 8 << 20)
    expect(dev.stats().mm).toMatchObject({ origDataSize: 0, comprDataSize: 0, hugePages: 0 })
    expect(dev.stats().mm.memUsedTotal).toBeLessThanOrEqual(1 << 20)
    dev.compact()
    expect(dev.stats().mm.memUsedTotal).toBe(0)
    expect(dev.stats().slotTableBytes).toBe(0)
    await dev.close()
  })

  it('gives the loop its turn during a long write', async () => {
    const dev = await device()
    let turns = 0
    const tick = (): void => {
      turns++
      handle = setImmediate(tick)
    }
    let handle = setImmediate(tick)
    await dev.write(0, bytes(8 << 20, 1))
    clearImmediate(handle)
    expect(turns).toBeGreaterThan(3)
    await dev.close()
  })
})

describe('discard and writeZeroes', () => {
  it('leave and write parts of pages as the kernel does', async () => {
    const dev = await device()
    const data = bytes(4 * pageSize, 9)
    await dev.write(0, data)
    await dev.discard(100, 2 * pageSize)
    const left = data.slice()
    left.fill(0, pageSize, 2 * pageSize)
    expect(await dev.read(0, left.length)).toEqual(left)
    expect(dev.stats().io.notifyFree).toBe(1)
    await dev.writeZeroes(2 * pageSize + 10, pageSize + 20)
    left.fill(0, 2 * pageSize + 10, 3 * pageSize + 30)
    expect(await dev.read(0, left.length)).toEqual(left)
    await dev.discard(5, 10)
    expect(dev.stats().io.notifyFree).toBe(1)
    await dev.close()
  })

  it('count pages that were never written, and cost nothing there', async () => {
    const dev = await device({ disksize: '1T' })
    await dev.write(2 ** 39, bytes(10, 1))
    await dev.discard(0, 2 ** 40)
    expect(dev.stats().io.notifyFree).toBe(2 ** 28)
    expect(dev.stats().mm.origDataSize).toBe(0)
    await dev.close()
  })
})

describe('limits', () => {
  it('keeps a mem_limit that was stored while the backend was being set up', async () => {
    const dev = await ZramDevice.create({ backends: [toy().ops] })
    const initialised = dev.store('disksize', '64M')
    await dev.store('mem_limit', '64K')
    await initialised
    await expect(dev.write(0, bytes(128 * 1024, 1))).rejects.toMatchObject({ code: 'ENOMEM' })
    await dev.close()
  })

  it('fails a write beyond mem_limit, keeps the old data, and recovers', async () => {
    const dev = await device({ memLimit: '64K' })
    await dev.write(0, stored(2000, 1))
    let written = 1
    const error = await (async () => {
      for (; ; written++) await dev.write(written * pageSize, bytes(pageSize, written))
    })().catch((error: unknown) => error)
    expect(isZcompError(error) && error.code).toBe('ENOMEM')
    expect(String(error)).toMatch(/mem_limit of 65536 bytes/)
    expect(dev.stats().mm.memUsedTotal).toBeLessThanOrEqual(65536)
    expect(dev.stats().mm.maxUsed).toBeGreaterThan(65536)
    await expect(dev.write(0, bytes(pageSize, 77))).rejects.toMatchObject({ code: 'ENOMEM' })
    expect(await dev.read(0, pageSize)).toEqual(stored(2000, 1))
    expect(dev.stats().io.failedWrites).toBe(2)
    await dev.discard(pageSize, 2 * pageSize)
    await dev.write(0, bytes(pageSize, 78))
    expect(await dev.read(0, pageSize)).toEqual(bytes(pageSize, 78))
    expect(dev.brokenLaws()).toEqual([])
    await dev.close()
  })

  it('keeps earlier pages of a request that fails later', async () => {
    const dev = await device({ memLimit: '16K' })
    const data = bytes(8 * pageSize, 3)
    await expect(dev.write(0, data)).rejects.toMatchObject({ code: 'ENOMEM' })
    expect(await dev.read(0, 4 * pageSize)).toEqual(data.subarray(0, 4 * pageSize))
    expect(await dev.read(4 * pageSize, pageSize)).toEqual(new Uint8Array(pageSize))
    await dev.close()
  })

  it('refuses one request too many, and takes more later', async () => {
    const dev = await device({ maxRequests: 2 })
    const big = bytes(2 << 20, 1)
    const out = [dev.write(0, big), dev.write(0, big)]
    await expect(dev.write(0, big)).rejects.toMatchObject({ code: 'EAGAIN' })
    await Promise.all(out)
    await dev.write(0, big)
    await dev.close()
  })
})

describe('codec failures', () => {
  it('fail the write and leave the page', async () => {
    let failing = false
    const dev = await device({ backends: [toy({ failSoftware: () => failing }).ops] })
    await dev.write(0, stored(50, 1))
    failing = true
    await expect(dev.write(0, stored(60, 2))).rejects.toMatchObject({ code: 'EIO' })
    expect(dev.readSync(0, pageSize)).toEqual(stored(50, 1))
    expect(dev.stats().io).toMatchObject({ failedWrites: 1, failedReads: 0 })
    expect(dev.brokenLaws()).toEqual([])
    await dev.close()
  })
})

describe('misuse', () => {
  it.each<[string, number, unknown]>([
    ['a negative offset', -1, new Uint8Array(1)],
    ['a fractional offset', 0.5, new Uint8Array(1)],
    ['NaN', Number.NaN, new Uint8Array(1)],
    ['the end', 64 << 20, new Uint8Array(1)],
    ['text', 0, 'text'],
    ['an array', 0, [1, 2]],
    ['a DataView', 0, new DataView(new ArrayBuffer(8))],
    ['nothing', 0, undefined],
  ])('%s is refused by name and changes nothing', async (_what, offset, data) => {
    const dev = await device()
    for (const call of [dev.write(offset, data as Uint8Array), dev.read(offset, data as Uint8Array)]) {
      await expect(call).rejects.toMatchObject({ code: 'EINVAL' })
    }
    expect(() => dev.writeSync(offset, data as Uint8Array)).toThrow(/writeSync: /)
    expect(dev.stats().pages.started).toBe(0)
    expect(dev.stats().io).toMatchObject({ failedReads: 0, failedWrites: 0 })
    await dev.close()
  })

  it('notices memory that is gone before or during a request', async () => {
    const dev = await device()
    const data = bytes(pageSize, 1)
    structuredClone(data.buffer, { transfer: [data.buffer as ArrayBuffer] })
    await expect(dev.write(0, data)).rejects.toThrow(/detached/)
    const shrinking = new ArrayBuffer(4 << 20, { maxByteLength: 4 << 20 } as object) as ArrayBuffer & {
      resize(n: number): void
    }
    const view = new Uint8Array(shrinking)
    view.set(bytes(4 << 20, 2))
    const writing = dev.write(0, view)
    shrinking.resize(pageSize)
    await expect(writing).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringMatching(/detached or resized/),
    })
    expect(dev.brokenLaws()).toEqual([])
    await dev.close()
  })

  it.each([
    [{ disksize: 0 }, /disksize must be above 0/],
    [{ disksize: '12X' }, /disksize must be whole bytes/],
    [{ pageSize: 5000 }, /pageSize must be a power of two/],
    [{ pageSize: 2048 }, /pageSize must be a power of two/],
    [{ algorithm: 'nope' }, /no backend named "nope"; there are: toy/],
    [{ backends: [] }, /at least one backend/],
    [{ maxRequests: 0 }, /maxRequests/],
    [{ params: { level: 9 } }, /toy: level must be/],
  ])('create refuses %j', async (options, message) => {
    await expect(device(options)).rejects.toThrow(message)
  })

  it('refuses everything after close, twice', async () => {
    const dev = await device()
    const writing = dev.write(0, bytes(2 << 20, 1))
    await dev.close()
    await writing
    await dev.close()
    await expect(dev.write(0, bytes(1, 1))).rejects.toMatchObject({ code: 'ENODEV' })
    expect(() => dev.readSync(0, 1)).toThrow(/closed/)
    await expect(dev.store('mem_limit', '1M')).rejects.toMatchObject({ code: 'ENODEV' })
  })
})

describe('checksum', () => {
  it('stores and reads as without', async () => {
    const dev = await device({ checksum: true })
    const data = bytes(300_000, 4)
    await dev.write(12, data)
    expect(Buffer.compare(await dev.read(12, data.length), data)).toBe(0)
    await dev.close()
  })
})

it('costs nothing to make a large one', async () => {
  const before = process.memoryUsage().arrayBuffers
  const dev = await device({ disksize: '1T' })
  expect(dev.disksize).toBe(2 ** 40)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20)
  await dev.write(2 ** 40 - 10, bytes(10, 1))
  expect(await dev.read(2 ** 40 - 10, 10)).toEqual(bytes(10, 1))
  await dev.close()
})
