import { describeBackend } from '@zcomp/conformance'
import { describe, it } from 'vitest'
import { sw842 } from '../src/index.js'

describeBackend(sw842(), {
  describe,
  it,
  golden: new URL('../golden/', import.meta.url),
  import: (url) => import(url),
})
