import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import { describeBackend, makePage } from '@zcomp/conformance'
import { Zcomp } from '@zcomp/core'
import { brotli } from '../index.js'

describeBackend(brotli(), { describe, it })

describe('brotli', () => {
  it('writes streams that Node reads', async () => {
    const page = makePage('text', 4096)
    const zcomp = await Zcomp.create(brotli(), { pageSize: 4096, level: 9 })
    const stream = zcomp.getStream()
    try {
      stream.input.set(page)
      const length = stream.compress(0, 4096)
      assert.deepEqual(new Uint8Array(brotliDecompressSync(stream.buffer.subarray(0, length))), page)
    } finally {
      stream.release()
      await zcomp.close()
    }
  })

  it('refuses dictionaries by name', async () => {
    const params = { pageSize: 4096, dict: new Uint8Array(64) }
    await assert.rejects(Zcomp.create(brotli(), params), { code: 'EINVAL', message: /dict/ })
  })
})
