/** What a scenario gets to work with. */
import { neverWait, seededRandom, type ZcompOps, ZramDevice } from '@zcomp/core'
import type { Subject } from './backends.js'
import type { Forms, Mode } from './forms.js'
import { enginesReady } from './managed.js'
import { sample } from './pages/page-set.js'
import type { Run } from './run.js'
import type { OpenOptions, Scenario, Setting } from './scenario.js'
import type { Timeline } from './timeline.js'

export interface Stage {
  readonly run: Run
  readonly subject: Subject
  readonly forms: Forms
  readonly mode: Mode
  /** The form that `mode` names. */
  readonly ops: ZcompOps
}

/** Pages that a device's trace keeps. */
const traced = 8192

export function settingFor(
  { run, forms, mode, ops }: Stage,
  { id }: Scenario,
  opened: ZramDevice[],
  show: (timeline: Timeline) => void,
): Setting {
  const { pages, seed, subjects, create = ZramDevice.create } = run
  return {
    ops,
    forms,
    backends: subjects.map((each) => each.ops),
    pages,
    seed,
    show,
    random: seededRandom(seed + hash(id)),
    sample: (count) => sample(pages, count, seed + hash(id)),
    async open({ ops: other = ops, ...options }: OpenOptions = {}) {
      const managed = mode === 'managed' ? { policy: neverWait(), trace: traced } : 'none'
      const chosen = { disksize: '64M', algorithm: other.name, backends: [other], managed, ...options } as const
      const device = await create(chosen)
      opened.push(device)
      if (device.stats().managed !== 'none') await enginesReady()
      return device
    },
  }
}

function hash(text: string): number {
  let h = 0
  for (const char of text) h = (Math.imul(h, 31) + char.charCodeAt(0)) | 0
  return h
}
