/** The device's attributes, as files in sysfs: what each prints, what each takes, and when. */
import { ZcompError } from '../errors.js'
import { parseSize } from './size.js'
import { debugStatText, type IoCounts, ioStatText, type MmStat, mmStatText } from './stats.js'

/** What the attributes are about. */
export interface AttributeTarget {
  readonly initialised: boolean
  readonly disksize: number
  readonly algorithms: string
  readonly mm: MmStat
  readonly io: IoCounts
  /** The kernel-style line of the managed streams, or undefined where there are none. */
  readonly hwStat: string | undefined
  setDisksize(bytes: number): Promise<void>
  setAlgorithm(name: string): void
  setParams(text: string): void
  setLimit(bytes: number): void
  resetMaxUsed(): void
  markIdle(seconds: number): void
  compact(): void
  reset(): Promise<void>
}

interface Attribute {
  readonly show?: (target: AttributeTarget) => string
  readonly store?: (target: AttributeTarget, text: string) => void | Promise<void>
}

const attributes: Readonly<Record<string, Attribute>> = {
  disksize: {
    show: (t) => `${t.disksize}\n`,
    store: (t, text) => {
      const bytes = parseSize(text, 'disksize')
      if (bytes === 0) throw new ZcompError('EINVAL', 'disksize must be above 0')
      return t.setDisksize(bytes)
    },
  },
  initstate: { show: (t) => `${t.initialised ? 1 : 0}\n` },
  reset: {
    store: (t, text) => {
      if (!/^[0-9]+\n?$/.test(text) || Number(text) === 0 || Number(text) > 65535) {
        throw new ZcompError('EINVAL', `reset must be a number from 1 to 65535, not ${JSON.stringify(text)}`)
      }
      return t.reset()
    },
  },
  comp_algorithm: { show: (t) => t.algorithms, store: (t, text) => t.setAlgorithm(text) },
  algorithm_params: { store: (t, text) => t.setParams(text) },
  mem_limit: { store: (t, text) => t.setLimit(parseSize(text, 'mem_limit')) },
  mem_used_max: {
    store: (t, text) => {
      if (!/^0\n?$/.test(text)) throw new ZcompError('EINVAL', `mem_used_max takes only 0, not ${JSON.stringify(text)}`)
      t.resetMaxUsed()
    },
  },
  compact: {
    store: (t) => {
      needInitialised(t, 'compact')
      t.compact()
    },
  },
  idle: {
    store: (t, text) => {
      needInitialised(t, 'idle')
      t.markIdle(idleSeconds(text))
    },
  },
  mm_stat: { show: (t) => mmStatText(t.mm) },
  io_stat: { show: (t) => ioStatText(t.io) },
  debug_stat: { show: (t) => debugStatText(t.io) },
  hw_stat: {
    show: (t) => {
      if (t.hwStat !== undefined) return t.hwStat
      throw new ZcompError('EOPNOTSUPP', 'hw_stat: this backend has no managed streams')
    },
  },
}

/** Names of all attributes. */
export const attributeNames: readonly string[] = Object.keys(attributes)

/** Throws EINVAL for an attribute that does not exist, EACCES for one that cannot be read. */
export function showAttribute(target: AttributeTarget, name: string): string {
  const { show } = find(name)
  if (!show) throw new ZcompError('EACCES', `${name} can only be stored`)
  return show(target)
}

/** Rejects with EINVAL for an attribute that does not exist, EACCES for one that cannot be stored, else as the attribute does. */
export async function storeAttribute(target: AttributeTarget, name: string, text: string): Promise<void> {
  const { store } = find(name)
  if (!store) throw new ZcompError('EACCES', `${name} can only be shown`)
  if (typeof text !== 'string') throw new ZcompError('EINVAL', `${name} takes text, not a ${typeof text}`)
  await store(target, text)
}

function find(name: string): Attribute {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined
  if (attribute) return attribute
  throw new ZcompError('EINVAL', `no attribute named ${JSON.stringify(name)}; there are: ${attributeNames.join(', ')}`)
}

function needInitialised(target: AttributeTarget, name: string): void {
  if (!target.initialised)
    throw new ZcompError('EINVAL', `${name}: the device is not initialised; store disksize first`)
}

function idleSeconds(text: string): number {
  const value = text.replace(/\n$/, '')
  if (value === 'all') return 0
  if (/^[0-9]+$/.test(value)) return Number(value)
  throw new ZcompError('EINVAL', `idle must be 'all' or an age in whole seconds, not ${JSON.stringify(text)}`)
}
