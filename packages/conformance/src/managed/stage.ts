/** What the scenarios of one backend share: its software, and pages to write. */
import type { ZcompOps } from '@zcomp/core'
import { NotClaimed } from '../check.js'
import { makePage, type PageKind } from '../pages.js'
import type { Trial } from '../types.js'

/** A backend on stage, as software alone. */
export interface Stage {
  readonly trial: Trial
  readonly ops: ZcompOps
  readonly pageSize: number
  /** How scripted devices answer. */
  readonly answers: 'promise' | 'call'
  /** The nth page of a kind, from 0; the same bytes each time, not to be written to. */
  page(nth: number, kind?: PageKind): Uint8Array
}

/** A device's pages have 4 KiB to 64 KiB. */
const smallest = 4096
const largest = 65536

export async function stageOf(trial: Trial): Promise<Stage> {
  const { min, max } = trial.caps.pageSizes
  if (max < smallest || min > largest) {
    throw new NotClaimed(`caps.pageSizes: no page of ${smallest} to ${largest} bytes, so no block device`)
  }
  const { pageSize } = trial
  const pages = new Map<string, Uint8Array>()
  const page = (nth: number, kind: PageKind = 'text'): Uint8Array => {
    const key = `${kind} ${nth}`
    let found = pages.get(key)
    if (!found) {
      found = makePage(kind, pageSize, trial.seed + nth)
      pages.set(key, found)
    }
    return found
  }
  return { trial, ops: await softwareOf(trial), pageSize, answers: 'promise', page }
}

/** A backend that brings its own device is built again without it, as a worker does; else its device would only not be asked. */
async function softwareOf({ ops, import: load }: Trial): Promise<ZcompOps> {
  if (ops.caps.managed === 'none' || ops.module === 'none') return ops
  const { url, factory, options } = ops.module
  const module = (await load(url)) as Record<string, ((options: unknown) => ZcompOps) | undefined>
  return module[factory]?.(options) ?? ops
}
