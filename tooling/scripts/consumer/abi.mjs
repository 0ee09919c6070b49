// A backend for another version of the contract is refused by name, with both versions.
import assert from 'node:assert/strict'
import * as core from '@zcomp/core'
import { ten } from './ten-lines.mjs'

const newer = { ...ten(core), abi: 2 }
const create = core.ZramDevice.create({ disksize: '1M', algorithm: 'ten', backends: [newer] })
await assert.rejects(create, (error) => {
  assert.ok(core.isZcompError(error))
  assert.equal(error.code, 'ENOTSUP')
  assert.match(error.message, /"ten".*version 2.*speaks 1/)
  return true
})
assert.throws(() => core.createRegistry([newer]), { code: 'ENOTSUP' })
