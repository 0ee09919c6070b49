import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { describeBackend, makePage } from '@zcomp/conformance'
import { Zcomp } from '@zcomp/core'
import { __factory__ } from '../dist/index.js'

// Pages that earlier versions wrote; see `npm run golden`.
const golden = new URL('../golden/', import.meta.url)

describeBackend(__factory__(), { describe, it, ...(existsSync(golden) ? { golden } : {}) })

describe('__name__', () => {
  it('makes a page of text smaller, and gives it back', async () => {
    const page = makePage('text', 4096)
    const zcomp = await Zcomp.create(__factory__(), { pageSize: 4096 })
    const stream = zcomp.getStream()
    try {
      stream.input.set(page)
      const length = stream.compress(0, page.length)
      assert.ok(length > 0 && length < page.length, `${length} bytes`)
      const back = new Uint8Array(page.length)
      assert.equal(stream.decompress(stream.buffer.slice(0, length), back), page.length)
      assert.deepEqual(back, page)
    } finally {
      stream.release()
      await zcomp.close()
    }
  })
})
