import { describe, expect, it } from 'vitest'
import { attributeNames, ZramDevice } from '../src/index.js'
import { toy } from './support/toy.js'

const two = () => {
  const { ops } = toy()
  return [ops, { ...ops, name: 'other' }]
}
const device = (disksize?: string) => ZramDevice.create({ backends: two(), ...(disksize && { disksize }) })

describe('what the attributes print', () => {
  it('is the kernel’s text', async () => {
    const dev = await device('1M')
    expect(dev.show('mm_stat')).toBe(
      '       0        0        0        0        0        0        0        0        0\n',
    )
    expect(dev.show('io_stat')).toBe('       0        0 0        0\n')
    expect(dev.show('debug_stat')).toBe('version: 1\n       0        0\n')
    expect(dev.show('disksize')).toBe('1048576\n')
    expect(dev.show('initstate')).toBe('1\n')
    expect(dev.show('comp_algorithm')).toBe('[toy] other \n')
    await dev.write(
      0,
      Uint8Array.from({ length: 4096 }, (_, i) => (i < 1999 ? 1 : 0)),
    )
    await dev.write(4096, new Uint8Array(4096))
    await dev.store('mem_limit', '8M')
    expect(dev.show('mm_stat')).toBe(
      '    8192     2000     4096  8388608     4096        1        0        0        0\n',
    )
    await dev.close()
  })
})

describe('what may be stored, and when', () => {
  it.each([
    ['disksize', '0', 'EINVAL'],
    ['disksize', 'many', 'EINVAL'],
    ['comp_algorithm', 'zstd', 'EINVAL'],
    ['comp_algorithm', 'x'.repeat(129), 'E2BIG'],
    ['mem_limit', 'x', 'EINVAL'],
    ['mem_used_max', '1', 'EINVAL'],
    ['idle', 'all', 'EINVAL'],
    ['compact', '1', 'EINVAL'],
    ['reset', '0', 'EINVAL'],
    ['reset', '70000', 'EINVAL'],
    ['algorithm_params', 'level', 'EINVAL'],
    ['algorithm_params', 'level=x', 'EINVAL'],
    ['algorithm_params', 'algo=other level=1', 'EINVAL'],
    ['algorithm_params', 'priority=1 level=1', 'EINVAL'],
    ['mm_stat', '1', 'EACCES'],
    ['no_such', '1', 'EINVAL'],
  ])('uninitialised: %s = %j is %s', async (name, text, code) => {
    const dev = await device()
    await expect(dev.store(name, text)).rejects.toMatchObject({ code })
    expect(dev.show('initstate')).toBe('0\n')
    await dev.close()
  })

  it.each([
    ['disksize', '2M', 'EBUSY'],
    ['comp_algorithm', 'other', 'EBUSY'],
    ['comp_algorithm', 'zstd', 'EINVAL'],
    ['algorithm_params', 'level=2', 'EBUSY'],
    ['idle', 'some', 'EINVAL'],
  ])('initialised: %s = %j is %s', async (name, text, code) => {
    const dev = await device('1M')
    await expect(dev.store(name, text)).rejects.toMatchObject({ code })
    await dev.close()
  })

  it('names what exists, and what can only be stored', async () => {
    const dev = await device('1M')
    expect(() => dev.show('nope')).toThrow(new RegExp(attributeNames.join(', ')))
    expect(() => dev.show('reset')).toThrow(expect.objectContaining({ code: 'EACCES' }))
    expect(() => dev.show('hw_stat')).toThrow(expect.objectContaining({ code: 'EOPNOTSUPP' }))
    await dev.close()
  })

  it('goes through a whole life: set up, used, reset, set up otherwise', async () => {
    const dev = await device()
    await expect(dev.write(0, new Uint8Array(1))).rejects.toMatchObject({ code: 'ENODEV' })
    await dev.store('comp_algorithm', 'other\n')
    await dev.store('algorithm_params', 'level=2')
    await dev.store('disksize', '1000K\n')
    expect(dev.disksize).toBe(1000 * 1024)
    await dev.write(0, new Uint8Array(5000).fill(7))
    await dev.store('idle', 'all')
    await dev.store('compact', 'x')
    await dev.store('mem_used_max', '0\n')
    await dev.store('reset', '1')
    expect(dev.show('initstate')).toBe('0\n')
    expect(dev.show('comp_algorithm')).toBe('[toy] other \n')
    expect(dev.stats().mm.memUsedTotal).toBe(0)
    await dev.store('disksize', '2M')
    expect(await dev.read(0, 5000)).toEqual(new Uint8Array(5000))
    await dev.close()
  })

  it('keeps its configuration when disksize fails', async () => {
    const dev = await device()
    await dev.store('comp_algorithm', 'other')
    await dev.store('algorithm_params', 'level=77')
    await expect(dev.store('disksize', '1M')).rejects.toMatchObject({ code: 'EINVAL' })
    expect(dev.show('comp_algorithm')).toBe('toy [other] \n')
    expect(dev.show('disksize')).toBe('0\n')
    await dev.store('algorithm_params', 'level=1')
    await dev.store('disksize', '1M')
    await dev.write(0, new Uint8Array([1, 2, 3]))
    expect(await dev.read(0, 3)).toEqual(new Uint8Array([1, 2, 3]))
    await dev.close()
  })

  it('refuses to reset while requests are out, and to change twice at once', async () => {
    const dev = await device('64M')
    const writing = dev.write(
      0,
      new Uint8Array(32 << 20).map((_, i) => i * 7),
    )
    await expect(dev.store('reset', '1')).rejects.toMatchObject({ code: 'EBUSY' })
    await writing
    const resetting = dev.store('reset', '1')
    await expect(dev.store('disksize', '1M')).rejects.toMatchObject({ code: 'EBUSY' })
    await resetting
    await dev.close()
  })
})
