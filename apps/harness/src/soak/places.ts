/** The four kinds of devices that share an accelerator. */
import { type Accelerator, accelerate } from '@zcomp/accelerator'
import { lz4 } from '@zcomp/backend-lz4'
import { zstd } from '@zcomp/backend-zstd'
import { assist, type ManagedOptions, neverWait, queueThreshold, type ZcompOps } from '@zcomp/core'

/** Of every page that a device of the soak compresses, the result is read back and compared before it is used. */
const verify = 1
/** Short pauses, since a device that is left alone shows nothing. */
const breaker = { goodProbes: 2, backoffMs: 10, mostBackoffMs: 100 }

export interface Place {
  readonly name: string
  readonly ops: (pool: Accelerator) => ZcompOps
  readonly pageSize: number
  readonly managed: ManagedOptions & { readonly deadlineMs: number }
}

export const places: readonly Place[] = [
  {
    name: 'lz4 never-wait',
    ops: (accelerator) => lz4({ accelerator }),
    pageSize: 4096,
    managed: { policy: neverWait(), deadlineMs: 200, verify, breaker },
  },
  {
    name: 'lz4 assist',
    ops: (accelerator) => lz4({ accelerator }),
    pageSize: 4096,
    managed: { policy: assist({ wakeBacklog: 4 }), deadlineMs: 1000, verify, breaker },
  },
  {
    name: 'lz4-napi 16 KiB',
    ops: (accelerator) => lz4({ accelerator, engineCodec: 'napi' }),
    pageSize: 16384,
    managed: { policy: neverWait(), deadlineMs: 100, verify, breaker: { mostBackoffMs: 1000 } },
  },
  {
    // Not deflate: a worker ended between two steps of Node's zlib takes the process with it ("close before init").
    name: 'zstd accelerated',
    ops: (accelerator) => accelerate(zstd(), { accelerator }),
    pageSize: 4096,
    managed: { policy: queueThreshold(24), deadlineMs: 400, verify, breaker },
  },
]
