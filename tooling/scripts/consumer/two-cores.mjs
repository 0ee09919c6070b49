// Two copies of core in one program. A backend is data, so one made with the other copy works; errors carry a brand, not a class.
import assert from 'node:assert/strict'
import { isZcompError, ZcompError, ZramDevice } from '@zcomp/core'
import { ten } from './ten-lines.mjs'

const other = await import('other-core')
assert.notEqual(other.ZcompError, ZcompError, 'these are not two copies')

const page = new Uint8Array(4096).fill(3, 100, 2000)
const dev = await ZramDevice.create({ disksize: '1M', algorithm: 'ten', backends: [ten(other)] })
try {
  await dev.write(0, page)
  assert.deepEqual(await dev.read(0, 4096), page)
} finally {
  await dev.close()
}

const error = new other.ZcompError('EINVAL', 'from the other copy')
assert.ok(!(error instanceof ZcompError))
assert.ok(isZcompError(error))
assert.ok(other.isZcompError(new ZcompError('EIO', 'from this copy')))
