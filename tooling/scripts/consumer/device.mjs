// The first example that a reader of the README tries, in plain JavaScript.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { lz4 } from '@zcomp/backend-lz4'
import { ZramDevice } from '@zcomp/core'

const bytes = new Uint8Array(randomBytes(70_001)).fill(7, 8192, 60_000)
const page = new Uint8Array(4096).fill(1)

const dev = await ZramDevice.create({ disksize: '1G', algorithm: 'lz4', backends: [lz4()] })
try {
  await dev.write(0, bytes)
  assert.deepEqual(await dev.read(0, bytes.length), bytes)
  dev.writeSync(8192, page)
  const back = new Uint8Array(page.length)
  dev.readSync(8192, back)
  assert.deepEqual(back, page)
  await dev.discard(0, 65536)
  await dev.flush()
  assert.deepEqual(await dev.read(0, 65536), new Uint8Array(65536))
  assert.match(dev.show('mm_stat'), /^( *\d+){9}\n$/)
  await dev.store('mem_limit', '64M')
  assert.ok(dev.stats())
} finally {
  await dev.close()
}
