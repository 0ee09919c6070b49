/** Plays writes on a block device that has memory for some of them: per byte, the last one submitted that succeeded is there. */
import { check, equalBytes } from '../check.js'
import { befall } from './befall.js'
import type { Op } from './schedule.js'
import { codeOf, type World } from './world.js'

interface Attempt {
  readonly offset: number
  readonly data: Uint8Array
  /** The code of its error; undefined where it succeeded. */
  failed: string | undefined
}

/** Writes within single pages, since a request that fails in the middle keeps what it has stored. */
export async function playTight(world: World, ops: readonly Op[], faults: boolean): Promise<void> {
  const attempts: Attempt[] = []
  const out: Promise<void>[] = []
  for (const op of ops) {
    if (op.kind === 'wait') await world.runtime.advance(op.ms)
    else if (op.kind === 'device' && faults) befall[op.event](world.device)
    else if ('fill' in op) out.push(attempt(world, op, attempts))
  }
  await world.settle(Promise.all(out), 'all writes')
  const want = new Uint8Array(world.dev.disksize)
  for (const { offset, data, failed } of attempts) {
    check(failed === undefined || failed === 'ENOMEM', 'a write to succeed, or to fail with ENOMEM', failed)
    if (failed === undefined) want.set(data, offset)
  }
  const seen = world.dev.readSync(0, want.length)
  check(equalBytes(seen, want), 'per byte the last submitted write that succeeded', 'other bytes')
  const { memUsedTotal, memLimit } = world.dev.stats().mm
  check(memUsedTotal <= memLimit, `at most ${memLimit} bytes held`, memUsedTotal)
}

async function attempt(world: World, op: Extract<Op, { fill: number }>, attempts: Attempt[]): Promise<void> {
  const { pageSize, stage, dev } = world
  const left = pageSize - (op.offset % pageSize)
  const kind = op.fill % 3 === 0 ? 'text' : 'noise'
  const data = stage.page(op.fill, kind).subarray(0, Math.min(left, op.length))
  const one: Attempt = { offset: op.offset, data, failed: undefined }
  attempts.push(one)
  try {
    if (op.kind === 'write') await dev.write(op.offset, data)
    else dev.writeSync(op.offset, data)
  } catch (error) {
    one.failed = codeOf(error)
  }
}
