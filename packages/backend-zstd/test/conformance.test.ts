import { describeBackend } from '@zcomp/conformance'
import { describe, it } from 'vitest'
import { zstd } from '../src/index.js'

describeBackend(zstd(), {
  describe,
  it,
  golden: new URL('../golden/', import.meta.url),
  import: (url) => import(url),
})
