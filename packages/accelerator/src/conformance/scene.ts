/** What scenarios of real workers share. */
import type { ManagedStream, ManagedStreams, Runtime, WorkerHandle, ZcompOps, ZcompSetup } from '@zcomp/core'
import { accelerate } from '../accelerate.js'
import { type Accelerator, accelerator } from '../accelerator.js'
import type { EngineData } from '../engine/messages.js'
import type { AcceleratorOptions } from '../options.js'
import { leave, notify } from '../rings/host.js'
import { nodeRuntime } from '../runtime/node.js'
import { checkAcceleratorLaws } from '../stats.js'

/** What a scenario is played with. */
export interface WorkerStage {
  /** A software backend that workers can build: `module` is not `'none'`. */
  readonly ops: ZcompOps
  /** Pages of one size that `ops` takes, compressible ones among them. */
  readonly pages: readonly Uint8Array[]
}

/** Throws with the claim where it does not hold. */
export function check(holds: boolean, claim: string, got?: unknown): asserts holds {
  if (!holds) throw new Error(got === undefined ? claim : `${claim}; got ${JSON.stringify(got)}`)
}

/** One scenario's pool, its workers within reach. */
export class Scene {
  readonly pool: Accelerator
  /** Workers in order of their start. */
  readonly workers: WorkerHandle[] = []
  readonly #rings: SharedArrayBuffer[] = []
  readonly #stage: WorkerStage
  readonly #ops: ZcompOps
  readonly #open = new Set<ZcompSetup>()

  constructor(
    stage: WorkerStage,
    options: Partial<AcceleratorOptions> = {},
    spawn: Runtime['spawn'] = nodeRuntime.spawn,
  ) {
    this.#stage = stage
    const runtime: Runtime = {
      ...nodeRuntime,
      spawn: (spec) => {
        const worker = spawn(spec)
        this.workers.push(worker)
        this.#rings.push((spec.data as EngineData).rings)
        return worker
      },
    }
    this.pool = accelerator({ ...options, runtime })
    this.#ops = accelerate(stage.ops, { accelerator: this.pool })
  }

  get pageSize(): number {
    return this.#stage.pages[0]!.length
  }

  /**
   * Ends the nth worker as a crash does: it goes before its next page, and nobody has told the pool. Not by `terminate`, which stops a thread
   * wherever it is: not every native code bears that.
   */
  crash(nth: number): void {
    const words = new Int32Array(this.#rings[nth]!)
    if (leave(words)) notify(words)
  }

  page(nth: number): Uint8Array {
    return this.#stage.pages[nth % this.#stage.pages.length]!
  }

  async open(): Promise<ZcompSetup> {
    const setup = await this.#ops.setupParams({ pageSize: this.pageSize })
    check(!('refused' in setup), 'the backend takes the size of the pages', setup)
    this.#open.add(setup)
    return setup
  }

  async ready(): Promise<void> {
    check(await this.pool.ready(30_000), 'engines come up', this.pool.stats())
  }

  /** A setup whose engines are up. */
  async served(): Promise<ZcompSetup> {
    const setup = await this.open()
    await this.ready()
    return setup
  }

  async close(setup: ZcompSetup): Promise<void> {
    this.#open.delete(setup)
    await setup[Symbol.asyncDispose]()
  }

  /** Sends a page. Answers with what came, when a compressed page has been read back. */
  async send(setup: ZcompSetup, nth: number): Promise<number> {
    const streams = streamsOf(setup)
    const stream = take(streams)
    stream.src.set(this.page(nth))
    try {
      const wrote = await stream.compress(this.pageSize)
      if (wrote > 0) this.readBack(setup, stream.buffer.subarray(0, wrote), nth)
      return wrote
    } finally {
      streams.putStream(stream)
    }
  }

  /** Sends pages together; keeps the process alive until all have their answers, at most a minute. */
  async burst(setups: readonly ZcompSetup[], count: number): Promise<number[]> {
    const answers = Array.from({ length: count }, (_, nth) => this.send(setups[nth % setups.length]!, nth))
    for (const setup of setups) streamsOf(setup).commit()
    return this.inTime(Promise.all(answers))
  }

  /** Real workers do not keep a process alive, and what never comes should be an error. */
  async inTime<T>(done: Promise<T>): Promise<T> {
    let cancel = (): void => {}
    const late = new Promise<never>((_, reject) => {
      cancel = nodeRuntime.after(60_000, () =>
        reject(new Error(`no answer in a minute: ${JSON.stringify(this.pool.stats())}`)),
      )
    })
    return Promise.race([done, late]).finally(cancel)
  }

  readBack(setup: ZcompSetup, compressed: Uint8Array, nth: number): void {
    const ctx = setup.createCtx()
    const back = new Uint8Array(this.pageSize)
    const read = ctx.decompress(compressed, back)
    ctx[Symbol.dispose]()
    check(read === this.pageSize, `software reads page ${nth} that an engine wrote`, read)
    check(Buffer.compare(back, this.page(nth)) === 0, `page ${nth} comes back as it was`)
  }

  laws(): void {
    const broken = checkAcceleratorLaws(this.pool.stats())
    check(broken.length === 0, 'the laws of the counters hold', broken)
  }

  /** Every scenario ends so: nothing is out, nothing runs. */
  async end(): Promise<void> {
    await Promise.all([...this.#open].map((setup) => this.close(setup)))
    this.laws()
    const { health, held, counts } = this.pool.stats()
    check(health === 'idle' && held === 0, 'nothing is left', { health, held })
    check(counts.begun === counts.ended, 'every start was ended', counts)
  }
}

export function streamsOf(setup: ZcompSetup): ManagedStreams {
  check(setup.managed !== 'none', 'the setup is managed')
  return setup.managed
}

export function take(streams: ManagedStreams): ManagedStream {
  const got = streams.getStream()
  check(typeof got !== 'string', 'there is a stream', got)
  return got
}
