import { describe, expect, it } from 'vitest'
import { classIndex, classTable, predictKernel } from '../src/index.js'

describe('classTable', () => {
  it.each([
    [8, 119, 3625],
    [4, 69, 3257],
    [16, 192, 3833],
  ])('has the kernel’s classes for chains of %i', (chain, classes, huge) => {
    const table = classTable(4096, chain)
    expect(table.classes).toHaveLength(classes)
    expect(table.hugeSize).toBe(huge)
  })

  it('cuts zspages as the kernel does', () => {
    const { classes } = classTable(4096)
    const shapes = new Map(classes.map(({ size, pages, objects }) => [size, `${pages}/${objects}`]))
    const known = {
      4096: '1/1',
      3632: '8/9',
      3264: '4/5',
      2720: '2/3',
      2192: '7/13',
      2048: '1/2',
      1360: '1/3',
      512: '1/8',
      32: '1/128',
    }
    for (const [size, shape] of Object.entries(known)) expect(shapes.get(Number(size)), size).toBe(shape)
  })

  it('finds the smallest class that holds an object', () => {
    for (const pageSize of [4096, 16384, 65536]) {
      const table = classTable(pageSize)
      for (let bytes = 1; bytes <= pageSize; bytes += 7) {
        const place = classIndex(table, bytes)
        expect(table.classes[place]?.size).toBeGreaterThanOrEqual(bytes)
        if (place > 0) expect(table.classes[place - 1]?.size).toBeLessThan(bytes)
      }
    }
  })
})

describe('predictKernel', () => {
  it('counts same-filled pages as nothing and raw ones as a page', () => {
    expect(predictKernel([0, 0, 4096, 3625])).toEqual({ memUsed: 8192, comprDataSize: 8192, hugePages: 2 })
  })

  it('rounds each class up to whole zspages, with the handle that the kernel adds', () => {
    // 2712 + 8 bytes is the class of 2720: three objects in two pages.
    expect(predictKernel([2712, 2712, 2712]).memUsed).toBe(8192)
    expect(predictKernel([2712, 2712, 2712, 2712]).memUsed).toBe(16384)
    expect(predictKernel([2713]).memUsed).toBeGreaterThan(8192)
  })
})
