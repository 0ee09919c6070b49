/** What each page takes, from the codec alone. */
import { classTable, Zcomp, type ZcompOps } from '@zcomp/core'
import { isSameFilled } from './pages/page-set.js'

/** Per page: 0 where one word fills it, a page where it is stored raw, else the compressed bytes. */
export async function storedSizes(ops: ZcompOps, bytes: Uint8Array, pageSize = 4096): Promise<number[]> {
  const { hugeSize } = classTable(pageSize)
  const zcomp = await Zcomp.create(ops, { pageSize })
  const stream = zcomp.getStream()
  try {
    const sizes: number[] = []
    for (let at = 0; at < bytes.length; at += pageSize) {
      const page = bytes.subarray(at, at + pageSize)
      if (isSameFilled(page)) {
        sizes.push(0)
        continue
      }
      stream.input.set(page)
      const size = stream.compress(0, pageSize)
      sizes.push(size < 0 || size >= hugeSize ? pageSize : size)
    }
    return sizes
  } finally {
    stream.release()
    await zcomp.close()
  }
}
