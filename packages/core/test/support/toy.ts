/** A codec that a reader can do in his head: the page without its trailing zeros, after a byte that says "toy". Managed form: answers later. */
import {
  defineBackend,
  type ManagedStream,
  type ManagedStreams,
  type Runtime,
  Status,
  simpleCtx,
  type ZcompCtx,
  type ZcompOps,
} from '../../src/index.js'

const mark = 0x70

export function toyCompress(src: Uint8Array, dst: Uint8Array): number {
  let end = src.length
  while (end > 0 && src[end - 1] === 0) end--
  dst[0] = mark
  dst.set(src.subarray(0, end), 1)
  return end + 1
}

export function toyDecompress(src: Uint8Array, dst: Uint8Array): number {
  if (src[0] !== mark || src.length - 1 > dst.length) return Status.corrupt
  dst.fill(0)
  dst.set(src.subarray(1))
  return dst.length
}

/** What the fake device does with a request: answers after so many milliseconds, with its result or with another answer. */
export type Behaviour = (nth: number) => {
  readonly after: number
  readonly answer?: number | 'throw' | 'reject' | 'never'
}

const atOnce: Behaviour = () => ({ after: 0 })

export interface ToyOptions {
  readonly streams?: number
  readonly runtime?: Runtime
  readonly behaviour?: Behaviour
  /** Software compression fails where this says so. */
  readonly failSoftware?: (nth: number) => boolean
}

export interface Toy {
  readonly ops: ZcompOps
  /** Contexts alive, streams lent, requests taken. */
  readonly seen: { contexts: number; lent: number; requests: number; setups: number }
}

export function toy(options: ToyOptions = {}): Toy {
  const seen = { contexts: 0, lent: 0, requests: 0, setups: 0 }
  const managed = options.streams ? 'compress' : 'none'
  const ops = defineBackend({
    name: 'toy',
    format: 'toy',
    caps: {
      levels: { min: 1, max: 3, default: 1 },
      dict: { maxBytes: 64 },
      winbits: 'none',
      pageSizes: { min: 4096, max: 65536 },
      managed,
    },
    module: 'none',
    async setupParams({ pageSize }) {
      seen.setups++
      return {
        createCtx: () => countedCtx(pageSize, options, seen),
        managed: options.streams ? toyStreams(pageSize, options, seen) : 'none',
        async [Symbol.asyncDispose]() {
          seen.setups--
        },
      }
    },
  })
  return { ops, seen }
}

function countedCtx(pageSize: number, { failSoftware }: ToyOptions, seen: Toy['seen']): ZcompCtx {
  let nth = 0
  const compress = (src: Uint8Array, dst: Uint8Array): number =>
    failSoftware?.(nth++) ? Status.fault : toyCompress(src, dst)
  const ctx = simpleCtx({ pageSize, compress, decompress: toyDecompress })
  seen.contexts++
  return { ...ctx, [Symbol.dispose]: () => void seen.contexts-- }
}

function toyStreams(pageSize: number, options: ToyOptions, seen: Toy['seen']): ManagedStreams {
  const { runtime, behaviour = atOnce } = options
  if (!runtime) throw new Error('a managed toy needs a runtime')
  const free: ManagedStream[] = Array.from({ length: options.streams ?? 0 }, () => {
    const src = new Uint8Array(pageSize)
    const buffer = new Uint8Array(2 * pageSize)
    return {
      src,
      buffer,
      compress(length) {
        const { after, answer } = behaviour(seen.requests++)
        if (answer === 'throw') throw new Error('device')
        return new Promise<number>((resolve, reject) => {
          if (answer === 'never') return
          runtime.after(after, () => {
            if (answer === 'reject') reject(new Error('device'))
            else resolve(answer ?? toyCompress(src.subarray(0, length), buffer))
          })
        })
      },
    }
  })
  return {
    streams: free.length,
    getStream() {
      const stream = free.pop()
      if (stream) seen.lent++
      return stream ?? 'exhausted'
    },
    putStream(stream) {
      seen.lent--
      free.push(stream)
    },
    commit() {},
  }
}
