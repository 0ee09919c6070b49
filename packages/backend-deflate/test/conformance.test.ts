import { describeBackend } from '@zcomp/conformance'
import { describe, it } from 'vitest'
import { deflate } from '../src/index.js'

describeBackend(deflate(), {
  describe,
  it,
  golden: new URL('../golden/', import.meta.url),
  import: (url) => import(url),
})
