// The same in TypeScript. No types of Node and no DOM: what a package declares must stand without them.
import { lz4 } from '@zcomp/backend-lz4'
import { isZcompError, type ZcompOps, ZramDevice } from '@zcomp/core'

function same(a: Uint8Array, b: Uint8Array): void {
  if (a.length !== b.length || a.some((byte, i) => byte !== b[i])) throw new Error('bytes differ')
}

const bytes: Uint8Array = Uint8Array.from({ length: 70_001 }, (_, i) => (i * i) >> 5)
const page: Uint8Array = new Uint8Array(4096).fill(1)
const backends: readonly ZcompOps[] = [lz4()]

await using dev = await ZramDevice.create({ disksize: '1G', algorithm: 'lz4', backends })
await dev.write(0, bytes)
const back: Uint8Array = await dev.read(0, bytes.length)
same(back, bytes)
dev.writeSync(8192, page)
dev.readSync(8192, page)
await dev.discard(0, 65536)
await dev.flush()
const text: string = dev.show('mm_stat')
await dev.store('mem_limit', '64M')
dev.stats()
if (text.length === 0) throw new Error('mm_stat is empty')
try {
  await dev.write(-1, page)
  throw new Error('a negative offset was taken')
} catch (error) {
  if (!isZcompError(error) || error.code !== 'EINVAL') throw error
}
