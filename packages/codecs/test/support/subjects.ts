import { sw842Spec } from '../../src/842.js'
import { lz4Spec } from '../../src/lz4.js'
import { lz4hcSpec } from '../../src/lz4hc.js'
import { lzoSpec } from '../../src/lzo.js'
import { oracle842 } from '../842-oracle.js'
import { lz4Oracle } from '../lz4-oracle.js'
import { lzoOracle } from '../lzo-oracle.js'
import { makePage } from './pages.js'
import { seeded } from './random.js'
import type { Subject } from './subject.js'

const dict = makePage('text', 3000, seeded(99))

/** Every decoder of this package that the fuzzer can be pointed at. */
export const subjects: readonly Subject[] = [
  { name: 'lz4', spec: () => lz4Spec({ pageSize: 4096 }), oracle: lz4Oracle() },
  { name: 'lz4-dict', spec: () => lz4Spec({ pageSize: 4096, dict }), oracle: lz4Oracle(dict) },
  { name: 'lz4hc', spec: () => lz4hcSpec({ pageSize: 4096 }), oracle: lz4Oracle() },
  { name: 'lz4hc-dict', spec: () => lz4hcSpec({ pageSize: 4096, dict }), oracle: lz4Oracle(dict) },
  { name: 'lzo', spec: () => lzoSpec({ rle: false }), oracle: lzoOracle },
  { name: 'lzo-rle', spec: () => lzoSpec({ rle: true }), oracle: lzoOracle },
  { name: '842', spec: sw842Spec, oracle: oracle842 },
]
