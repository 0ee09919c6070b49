import { describeBackend } from '@zcomp/conformance'
import { describe, it } from 'vitest'
import { lzo, lzoRle } from '../src/index.js'

for (const ops of [lzo(), lzoRle()]) {
  describeBackend(ops, {
    describe,
    it,
    golden: new URL(`../golden/${ops.name}/`, import.meta.url),
    import: (url) => import(url),
  })
}
