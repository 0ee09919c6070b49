/** Plays a schedule on a block device, and holds everything that it does against the model. */
import { check, equalBytes } from '../check.js'
import { befall } from './befall.js'
import { Model } from './model.js'
import { playTight } from './play-tight.js'
import { anyOrder, type Chaos, contents, type Op, planOf } from './schedule.js'
import type { Stage } from './stage.js'
import { openWorld, type World } from './world.js'

/** Software alone, a device without faults, the device as the chaos has it. */
export type Way = 'software' | 'device' | 'faults'

/** What `mm_stat` shows at the end, whatever compressed the pages. */
export interface Totals {
  readonly origDataSize: number
  readonly comprDataSize: number
  readonly samePages: number
  readonly hugePages: number
}

const defaultDeadline = 1000

export async function play(stage: Stage, chaos: Chaos, ops: readonly Op[], seed: number, way: Way): Promise<Totals> {
  const { pages = 4, plan, device, managed } = chaos
  const plans = way === 'faults' && plan ? plan : anyOrder()
  const world = await openWorld(stage, {
    pages,
    seed,
    managed: way === 'software' ? 'none' : managed,
    // Every third schedule is played on a machine that is slow.
    restless: seed % 3 === 0,
    device: { ...device, script: planOf(plans, seed), answers: seed & 1 ? 'call' : 'promise' },
    ...(chaos.memLimitPages !== undefined && { memLimit: chaos.memLimitPages * stage.pageSize }),
  })
  if (chaos.memLimitPages !== undefined) {
    await playTight(world, ops, way === 'faults')
    return finish(world, way)
  }
  const run = new Play(world, chaos, way)
  for (const op of ops) await run.step(op)
  await run.end()
  return finish(world, way)
}

/** The device in good health again, its late answers in, and the end of the world. */
async function finish(world: World, way: Way): Promise<Totals> {
  const { runtime, dev, device } = world
  device.resume()
  device.comeBack()
  while (await runtime.step());
  const { mm, pages, requests } = dev.stats()
  check(pages.pending === 0 && requests === 0, 'nothing to be pending at the end', `${pages.pending} pages`)
  if (way !== 'software') checkBlame(world, way)
  const { origDataSize, comprDataSize, samePages, hugePages } = mm
  await world.end()
  return { origDataSize, comprDataSize, samePages, hugePages }
}

/** Nobody fails a page that software can compress, and a device without faults is blamed for none. */
function checkBlame({ counts, timed }: World, way: Way): void {
  const { fault, invalid, failed, broken } = counts
  check(failed === 0, 'no page to be failed', failed)
  if (way !== 'device' || !timed) return
  const blamed = fault + invalid.status + invalid.length + invalid.verify + broken
  check(blamed === 0, 'a device without faults to be blamed for none', blamed)
}

class Play {
  readonly #world: World
  readonly #model: Model
  readonly #chaos: Chaos
  readonly #way: Way
  readonly #pages: number
  readonly #out: Promise<void>[] = []
  readonly #wrong: string[] = []
  #changes = 0
  #changesEnded = 0

  constructor(world: World, chaos: Chaos, way: Way) {
    this.#world = world
    this.#chaos = chaos
    this.#way = way
    this.#pages = chaos.pages ?? 4
    this.#model = new Model(this.#pages, world.pageSize)
  }

  async step(op: Op): Promise<void> {
    const { runtime, dev } = this.#world
    if (op.kind === 'wait') await runtime.advance(op.ms)
    else if (op.kind === 'turn') await runtime.step()
    else if (op.kind === 'flush') await this.#flush()
    else if (op.kind === 'device') {
      if (this.#way === 'faults') befall[op.event](this.#world.device)
    } else if (op.kind === 'read' || op.kind === 'readSync') this.#read(op.kind, op.offset, op.length)
    else if (op.kind === 'discard') this.#discard(op.offset, op.length)
    else if (op.kind === 'writeZeroes') {
      const complete = this.#model.change(op.offset, new Uint8Array(op.length))
      this.#watch('writeZeroes', dev.writeZeroes(op.offset, op.length).then(complete))
    } else if ('fill' in op) {
      this.#write(op.kind, op.offset, this.#content(op.length, op.fill))
    }
    check(this.#wrong.length === 0, 'reads, writes and flushes as the model has them', this.#wrong.join('; '))
  }

  async end(): Promise<void> {
    const { dev, pageSize } = this.#world
    await this.#world.settle(Promise.all(this.#out), 'everything that was asked for')
    await this.#flush()
    check(this.#wrong.length === 0, 'reads, writes and flushes as the model has them', this.#wrong.join('; '))
    for (let page = 0; page < this.#pages; page++) {
      const seen = dev.readSync(page * pageSize, pageSize)
      check(equalBytes(seen, this.#model.newest(page)), `page ${page} at the end as it was last written`, 'other bytes')
    }
  }

  /** Pages of all kinds in a row, the last one cut. */
  #content(length: number, fill: number): Uint8Array {
    const { stage, pageSize } = this.#world
    const kind = (['text', 'text', 'pointers', 'sparse', 'noise', 'same-filled'] as const)[fill % 6]!
    const data = new Uint8Array(length)
    for (let at = 0, nth = Math.floor(fill / 6); at < length; at += pageSize, nth++) {
      data.set(stage.page(nth % contents, kind).subarray(0, Math.min(pageSize, length - at)), at)
    }
    return data
  }

  #write(kind: 'write' | 'writeSync', offset: number, data: Uint8Array): void {
    const { dev } = this.#world
    const complete = this.#model.change(offset, data)
    if (kind === 'write') this.#watch('write', dev.write(offset, data).then(complete))
    else {
      dev.writeSync(offset, data)
      complete()
    }
  }

  #discard(offset: number, length: number): void {
    const { dev, pageSize } = this.#world
    const first = Math.ceil(offset / pageSize) * pageSize
    const end = Math.floor((offset + length) / pageSize) * pageSize
    const complete = end > first ? this.#model.change(first, new Uint8Array(end - first)) : () => {}
    this.#watch('discard', dev.discard(offset, length).then(complete))
  }

  #read(kind: 'read' | 'readSync', offset: number, length: number): void {
    const { dev } = this.#world
    const reader = this.#model.reader(offset, length)
    const judge = (seen: Uint8Array): void => {
      const wrong = reader(seen)
      if (wrong) this.#wrong.push(`a ${kind} of ${offset}+${length} saw ${wrong}`)
    }
    if (kind === 'read') this.#watch('read', dev.read(offset, length).then(judge))
    else judge(dev.readSync(offset, length))
  }

  /** `flush` waits for the writes and discards accepted before it. */
  async #flush(): Promise<void> {
    const before = this.#changes
    await this.#world.settle(this.#world.dev.flush(), 'flush')
    for (let i = 0; i < 8; i++) await null
    const left = before - this.#changesEnded
    if (left > 0) this.#wrong.push(`flush came back with ${left} writes before it not ended`)
  }

  #watch(what: string, done: Promise<unknown>): void {
    const { runtime, timed } = this.#world
    const since = runtime.now()
    const { withinMs = (this.#chaos.managed.deadlineMs ?? defaultDeadline) + 2 } = this.#chaos
    if (what !== 'read') this.#changes++
    const watched = done.then(
      () => {
        if (what !== 'read') this.#changesEnded++
        const ms = runtime.now() - since
        if (timed && withinMs !== 'any' && ms > withinMs) this.#wrong.push(`a ${what} took ${ms} ms, above ${withinMs}`)
      },
      (error: unknown) => void this.#wrong.push(`a ${what} failed: ${error instanceof Error ? error.message : error}`),
    )
    this.#out.push(watched)
  }
}
