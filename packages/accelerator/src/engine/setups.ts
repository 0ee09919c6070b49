/** What an engine holds for each setup of main's: one context, and views on the slots. Written for any host. */
import { type EngineModule, Status, type ZcompCtx, type ZcompOps, type ZcompSetup } from '@zcomp/core'
import type { FromEngine, SetupMessage } from './messages.js'

/** Every so many pages of a setup one is timed: enough for a mean, too rare to cost anything. */
const timedPages = 8

/** A context of one setup, and the memory of its slots. */
export class EngineSetup {
  readonly #setup: ZcompSetup
  readonly #ctx: ZcompCtx
  readonly #pageSize: number
  readonly #input: Uint8Array
  readonly #result: Uint8Array
  readonly #memory: Uint8Array['buffer']
  readonly #resultAt: number
  readonly #sources: Uint8Array[] = []
  readonly #buffers: Uint8Array[] = []
  #served = 0

  constructor(setup: ZcompSetup, { params, slots }: SetupMessage) {
    const { pageSize } = params
    this.#setup = setup
    this.#ctx = setup.createCtx()
    this.#pageSize = pageSize
    const { input, buffer } = this.#ctx
    this.#input = input
    this.#result = buffer
    // Asked for once: these are accessors, and a view for each page needs both.
    this.#memory = buffer.buffer
    this.#resultAt = buffer.byteOffset
    for (let at = 0; at < slots.byteLength; at += 2 * pageSize) {
      this.#sources.push(new Uint8Array(slots, at, pageSize))
      this.#buffers.push(new Uint8Array(slots, at + pageSize, pageSize))
    }
  }

  /** True where the next page is to be timed. */
  get timed(): boolean {
    return this.#served++ % timedPages === 0
  }

  /** Copies a page in: encoders are fastest in memory of their own. False where there is none; never throws. */
  read(slot: number, length: number): boolean {
    try {
      const source = this.#sources[slot]!
      this.#input.set(length === this.#pageSize ? source : source.subarray(0, length))
      return true
    } catch {
      return false
    }
  }

  /** Compresses the page that was read last, and copies the result out. A length or a `Status`; never throws. */
  compress(slot: number, length: number): number {
    try {
      const wrote = this.#ctx.compress(0, length)
      if (wrote < 0) return Object.is(wrote | 0, wrote) ? wrote : Status.fault
      if (!Number.isInteger(wrote) || wrote === 0) return Status.fault
      if (wrote > this.#pageSize) return wrote > this.#result.length ? Status.fault : Status.noSpace
      this.#buffers[slot]!.set(new Uint8Array(this.#memory, this.#resultAt, wrote))
      return wrote
    } catch {
      return Status.fault
    }
  }

  async close(): Promise<void> {
    this.#ctx[Symbol.dispose]()
    await this.#setup[Symbol.asyncDispose]()
  }
}

/** Finds the backend that a module describes: `import` in a worker, anything in a simulation. */
export type LoadBackend = (module: EngineModule) => Promise<ZcompOps>

/** All setups of one engine. Their making is asynchronous, and served pages go on meanwhile. */
export class EngineSetups {
  /** Setups that are being made. */
  pending = 0
  readonly #ready = new Map<number, EngineSetup>()
  readonly #dropped = new Set<number>()
  readonly #load: LoadBackend
  readonly #tell: (message: FromEngine) => void

  constructor(load: LoadBackend, tell: (message: FromEngine) => void) {
    this.#load = load
    this.#tell = tell
  }

  get(id: number): EngineSetup | undefined {
    return this.#ready.get(id)
  }

  async add(message: SetupMessage): Promise<void> {
    const { id } = message
    this.pending++
    try {
      const setup = await this.#make(message)
      if (this.#dropped.delete(id)) await setup.close()
      else this.#ready.set(id, setup)
      this.#tell({ type: 'ready', id })
    } catch (error) {
      this.#dropped.delete(id)
      this.#tell({ type: 'failed', id, why: error instanceof Error ? error.message : String(error) })
    } finally {
      this.pending--
    }
  }

  async #make(message: SetupMessage): Promise<EngineSetup> {
    const { module, format, params } = message
    const ops = await this.#load(module)
    const where = `${module.factory} of ${module.url}`
    if (ops?.abi !== 1) throw new Error(`${where} gives no backend of abi 1`)
    if (ops.format !== format) throw new Error(`${where} writes ${ops.format}, not ${format}`)
    if (ops.caps.managed !== 'none') throw new Error(`${where} gives a managed backend, not the software form`)
    const setup = await ops.setupParams(params)
    if ('refused' in setup) throw new Error(`${where}: ${setup.refused} ${setup.why}`)
    try {
      return new EngineSetup(setup, message)
    } catch (error) {
      await setup[Symbol.asyncDispose]()
      throw error
    }
  }

  async remove(id: number): Promise<void> {
    const setup = this.#ready.get(id)
    if (!setup) {
      this.#dropped.add(id)
      return
    }
    this.#ready.delete(id)
    await setup.close()
  }

  async close(): Promise<void> {
    const setups = [...this.#ready.values()]
    this.#ready.clear()
    await Promise.allSettled(setups.map((setup) => setup.close()))
  }
}
