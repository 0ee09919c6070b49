import { layOut } from '../../src/shared/layout.js'
import { type CodecExports, heapBaseOf, instantiate, makeMemory } from '../../src/shared/wasm.js'
import { makePage, pageKinds } from './pages.js'
import { type Random, seeded } from './random.js'
import type { Subject } from './subject.js'

export interface FuzzOptions {
  readonly count: number
  readonly seed: number
  /** Stop earlier once this many milliseconds have passed. */
  readonly milliseconds?: number
  /** Called now and then with the number of blocks done. */
  readonly progress?: (done: number) => void
}

export interface FuzzReport {
  count: number
  accepted: number
  rejected: number
  /** The first few blocks at which decoder and oracle part, or bytes outside were touched. Empty if all is well. */
  readonly faults: string[]
}

const pageSize = 4096
const guardBytes = 64
const poolSize = 24
/** Pages are made anew after this many blocks. */
const poolLife = 4000
const faultsKept = 5

/** A decoder with its memory, which is laid out so that reading or writing past the last byte traps. */
interface Bench {
  readonly exports: CodecExports
  readonly bytes: Uint8Array
  /** Page and compressed bytes for the encoder, which needs no guarding. */
  readonly page: number
  readonly packed: number
  /** A place in the middle, for whichever side is not flush with the end. */
  readonly middle: number
}

function makeBench(subject: Subject): Bench {
  const spec = subject.spec()
  const layout = layOut(heapBaseOf(spec.wasm), spec.workspaceBytes, pageSize)
  const memory = makeMemory(layout.totalBytes + 65536)
  const exports = instantiate(spec.wasm, memory)
  const bytes = new Uint8Array(memory.buffer)
  spec.setup(exports, layout.workspace, bytes)
  return { exports, bytes, page: layout.input, packed: layout.buffer, middle: layout.input + 65536 }
}

function compressed(bench: Bench, random: Random): Uint8Array {
  const kind = pageKinds[random(pageKinds.length)]!
  const length = random(4) ? pageSize : 1 + random(pageSize)
  bench.bytes.set(makePage(kind, length, random), bench.page)
  const size = bench.exports.compress(bench.page, length, bench.packed)
  return bench.bytes.slice(bench.packed, bench.packed + size)
}

function mutate(block: Uint8Array, random: Random): Uint8Array {
  const changed = block.slice()
  for (let times = 1 + random(random(2) ? 1 : 6); times > 0; times--) {
    const at = random(changed.length)
    const how = random(4)
    changed[at] = how === 0 ? random(256) : how === 1 ? changed[at]! ^ (1 << random(8)) : how === 2 ? 255 : 0
  }
  return random(4) ? changed : changed.subarray(0, 1 + random(changed.length))
}

function garbage(random: Random): Uint8Array {
  const block = new Uint8Array(1 + random(300))
  const likely = [0xff, 0x0f, 0xf0, 1, 0]
  for (let at = 0; at < block.length; at++) block[at] = random(3) ? random(256) : likely[random(likely.length)]!
  return block
}

function nextBlock(pool: readonly Uint8Array[], random: Random): Uint8Array {
  const block = pool[random(pool.length)]!
  const kind = random(10)
  return kind < 2 ? block : kind < 8 ? mutate(block, random) : garbage(random)
}

/** Decodes once, with source or destination flush with the end of memory. Says what is wrong, or nothing. */
function tryOnce(
  bench: Bench,
  block: Uint8Array,
  capacity: number,
  want: ReturnType<Subject['oracle']>,
  flush: 'source' | 'destination',
): string {
  const { bytes, middle, exports } = bench
  const top = bytes.length
  const source = flush === 'source' ? top - block.length : middle + 16384
  const destination = flush === 'source' ? middle : top - capacity
  const before = bytes.subarray(destination - guardBytes, destination)
  const after = bytes.subarray(destination + capacity, destination + capacity + guardBytes)
  before.fill(0xa5)
  if (flush === 'source') after.fill(0xa5)
  bytes.set(block, source)
  let got: number
  try {
    got = exports.decompress(source, block.length, destination, capacity)
  } catch (error) {
    return `trap: ${error}`
  }
  if (typeof want === 'string') {
    if (got !== -28 && got !== -74) return `answered ${got}, the oracle says ${want}`
  } else {
    if (got !== want.length) return `answered ${got}, the oracle ${want.length} bytes`
    if (Buffer.compare(bytes.subarray(destination, destination + got), want)) return 'other bytes than the oracle'
  }
  if (before.some((byte) => byte !== 0xa5)) return 'wrote before the destination'
  if (flush === 'source' && after.some((byte) => byte !== 0xa5)) return 'wrote past the destination'
  return Buffer.compare(bytes.subarray(source, source + block.length), block) ? 'changed the source' : ''
}

const capacityFor = (want: number, random: Random): number =>
  [pageSize, pageSize, pageSize, want, Math.max(0, want - 1), random(pageSize + 100)][random(6)]!

/** Feeds valid, changed, cut and invented blocks to the decoder of `subject`, each twice, and holds the answers against its oracle. */
export function fuzz(
  subject: Subject,
  { count, seed, milliseconds = Number.POSITIVE_INFINITY, progress }: FuzzOptions,
): FuzzReport {
  const random = seeded(seed)
  const bench = makeBench(subject)
  const report: FuzzReport = { count: 0, accepted: 0, rejected: 0, faults: [] }
  const end = Date.now() + milliseconds
  let pool: Uint8Array[] = []
  for (; report.count < count && report.faults.length < faultsKept; report.count++) {
    if (report.count % poolLife === 0) {
      pool = Array.from({ length: poolSize }, () => compressed(bench, random))
      progress?.(report.count)
      if (Date.now() > end) break
    }
    const block = nextBlock(pool, random)
    const whole = subject.oracle(block, pageSize)
    const capacity = capacityFor(typeof whole === 'string' ? pageSize : whole.length, random)
    const want = capacity === pageSize ? whole : subject.oracle(block, capacity)
    if (typeof want === 'string') report.rejected++
    else report.accepted++
    for (const flush of ['source', 'destination'] as const) {
      const fault = tryOnce(bench, block, capacity, want, flush)
      if (fault) report.faults.push(`block ${report.count}, ${flush} at the end, capacity ${capacity}: ${fault}`)
    }
  }
  return report
}
