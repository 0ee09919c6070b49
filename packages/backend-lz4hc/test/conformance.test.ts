import { lz4 } from '@zcomp/backend-lz4'
import { describeBackend } from '@zcomp/conformance'
import { describe, it } from 'vitest'
import { lz4hc } from '../src/index.js'

describeBackend(lz4hc(), {
  describe,
  it,
  golden: new URL('../golden/', import.meta.url),
  peers: [lz4(), lz4({ codec: 'napi' })],
  import: (url) => import(url),
})
