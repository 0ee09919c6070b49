import { expect, it } from 'vitest'
import { ZramControl } from '../src/index.js'
import { toy } from './support/toy.js'

it('adds devices at the lowest free number and removes them', async () => {
  const { ops, seen } = toy()
  const control = new ZramControl({ backends: [ops], disksize: '32M' })
  expect(await Promise.all([control.hotAdd(), control.hotAdd(), control.hotAdd()])).toEqual([0, 1, 2])
  await control.hotRemove(1)
  expect(control.ids).toEqual([0, 2])
  expect(await control.hotAdd({ disksize: '2M' })).toBe(1)
  expect(control.get(1).disksize).toBe(2 << 20)
  expect(() => control.get(7)).toThrow(expect.objectContaining({ code: 'ENODEV' }))
  await expect(control.hotRemove(-1)).rejects.toMatchObject({ code: 'EINVAL' })
  const writing = control.get(2).write(
    0,
    new Uint8Array(32 << 20).map((_, i) => i * 3),
  )
  await expect(control.hotRemove(2)).rejects.toMatchObject({ code: 'EBUSY' })
  await writing
  await control[Symbol.asyncDispose]()
  expect(seen.setups).toBe(0)
  await expect(control.hotAdd()).rejects.toMatchObject({ code: 'ENODEV' })
})

it('gives a number back when a device cannot be made', async () => {
  const control = new ZramControl({ backends: [toy().ops] })
  await expect(control.hotAdd({ disksize: 'x' })).rejects.toMatchObject({ code: 'EINVAL' })
  expect(await control.hotAdd()).toBe(0)
  await control[Symbol.asyncDispose]()
})
