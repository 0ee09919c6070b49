/** Random requests for one device, and what becomes of them compared with the shadow. */
import type { ZramDevice } from '@zcomp/core'
import type { Chance } from './chance.js'
import type { Contents } from './contents.js'
import type { Shadow } from './shadow.js'
import type { Waits } from './waits.js'

/** Requests that are weighed against each other by these numbers. */
const mix = {
  write: 28,
  'partial write': 22,
  'sync write': 5,
  'partial sync write': 5,
  read: 24,
  'sync read': 6,
  discard: 4,
  'write zeroes': 4,
  flush: 2,
} as const

export type Kind = keyof typeof mix

const deck: readonly Kind[] = (Object.keys(mix) as Kind[]).flatMap((kind) =>
  Array.from({ length: mix[kind] }, () => kind),
)

/** Pages at the start that most requests hit, so that they meet each other. */
const hotPages = 48

export interface Target {
  readonly name: string
  readonly device: ZramDevice
  readonly shadow: Shadow
  readonly deadlineMs: number
}

/** What a load works with besides its device. */
export interface Surroundings {
  readonly chance: Chance
  readonly contents: Contents
  readonly waits: Waits
  readonly tally: Record<Kind, number>
  violation(what: string): void
}

export function noRequests(): Record<Kind, number> {
  return Object.fromEntries(Object.keys(mix).map((kind) => [kind, 0])) as Record<Kind, number>
}

/** A load's own memory, the same for all its requests: when one has ended, nobody else may be using it. */
export interface Scratch {
  readonly data: Uint8Array
  readonly into: Uint8Array
}

/** Pages of the longest request. */
const mostPages = 32

export function scratchFor(pageSize: number): Scratch {
  return { data: new Uint8Array(mostPages * pageSize), into: new Uint8Array(mostPages * pageSize) }
}

interface Range {
  readonly offset: number
  readonly length: number
}

/** One request, from its choice to its end. Never rejects. */
export async function request(target: Target, scratch: Scratch, around: Surroundings): Promise<void> {
  const { shadow, device, name, deadlineMs } = target
  const { chance, waits, tally, violation } = around
  const kind = chance.pick(deck)
  tally[kind]++
  const range =
    kind.includes('write') && !kind.includes('partial') ? wholePages(shadow, chance) : anyBytes(shadow, chance)
  const what = `${name} ${kind} of ${range.length} bytes at ${range.offset}`
  const pages =
    kind === 'flush'
      ? 0
      : Math.ceil((range.offset + range.length) / device.pageSize) - Math.floor(range.offset / device.pageSize)
  const run = waits.excuse(() => prepare(kind, range, { target, scratch, around }))
  const wait = waits.begin(pages)
  let wrong: string | undefined
  try {
    const done = run.start()
    if (done) await done
    const late = waits.end(what, pages, deadlineMs, wait)
    wrong = waits.excuse(() => run.end(true)) ?? late
  } catch (error) {
    waits.end(what, pages, deadlineMs, wait)
    run.end(false)
    wrong = `failed: ${error instanceof Error ? error.message : String(error)}`
  }
  if (wrong !== undefined) violation(wrong.startsWith(what) ? wrong : `${what}: ${wrong}`)
}

interface Run {
  start(): Promise<unknown> | undefined
  /** Answers with what is wrong. */
  end(succeeded: boolean): string | undefined
}

interface Site {
  readonly target: Target
  readonly scratch: Scratch
  readonly around: Surroundings
}

/** All that is the soak's own work is done here, before the clock starts. */
function prepare(kind: Kind, { offset, length }: Range, { target, scratch, around }: Site): Run {
  const { device, shadow } = target
  const { contents } = around
  switch (kind) {
    case 'write':
    case 'partial write': {
      const data = contents.fill(scratch.data.subarray(0, length))
      return ended(shadow.write(offset, data), () => device.write(offset, data))
    }
    case 'sync write':
    case 'partial sync write': {
      const data = contents.fill(scratch.data.subarray(0, length))
      return ended(shadow.write(offset, data), () => void device.writeSync(offset, data))
    }
    case 'read':
    case 'sync read': {
      const into = scratch.into.subarray(0, length).fill(0xa5)
      const look = shadow.look(offset, length)
      const start = kind === 'read' ? () => device.read(offset, into) : () => void device.readSync(offset, into)
      return { start, end: (succeeded) => look.judge(succeeded ? into : undefined) }
    }
    case 'discard':
      return ended(shadow.discard(offset, length), () => device.discard(offset, length))
    case 'write zeroes':
      return ended(shadow.zero(offset, length), () => device.writeZeroes(offset, length))
    case 'flush':
      return ended(
        () => {},
        () => device.flush(),
      )
  }
}

function ended(endWrite: () => void, start: () => Promise<void> | undefined): Run {
  return {
    start,
    end: () => {
      endWrite()
      return undefined
    },
  }
}

/** Mostly short, sometimes the longest. */
function wholePages({ size, pageSize }: Shadow, chance: Chance): Range {
  const count = 1 + Math.floor(chance.next() ** 2 * mostPages)
  return { offset: firstPage(size / pageSize - count, chance) * pageSize, length: count * pageSize }
}

function anyBytes({ size, pageSize }: Shadow, chance: Chance): Range {
  const length = 1 + Math.floor(chance.next() ** 2 * 4 * pageSize)
  const offset = firstPage(size / pageSize - 6, chance) * pageSize + chance.whole(pageSize)
  return { offset, length }
}

function firstPage(last: number, chance: Chance): number {
  return chance.whole(chance.hit(0.6) ? Math.min(hotPages, last) : last)
}

/** Reads all of it, when nothing is out any more. Answers with what is wrong. */
export async function readAll({ device, shadow, name }: Target): Promise<string[]> {
  const wrong: string[] = []
  if (shadow.open > 0) wrong.push(`${name}: ${shadow.open} pages have requests that never ended`)
  const step = 256 * 1024
  for (let at = 0; at < shadow.size; at += step) {
    const length = Math.min(step, shadow.size - at)
    const look = shadow.look(at, length)
    const found = look.judge(await device.read(at, length))
    if (found !== undefined) wrong.push(`${name} at the end, ${length} bytes from ${at}: ${found}`)
  }
  return wrong
}
