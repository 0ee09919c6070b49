/** An initialised device: pages, their codec, and the order of requests. Made at `disksize`, gone at `reset`. */
import type { ZcompOps, ZcompParams } from '../ops.js'
import type { Runtime } from '../runtime/runtime.js'
import type { StreamLease } from '../zcomp/lease.js'
import { Zcomp, type ZcompOptions } from '../zcomp/zcomp.js'
import { PageReader } from './page-reader.js'
import { PageStore } from './page-store.js'
import { PageWriter } from './page-writer.js'
import { Pump } from './pump.js'

export interface DiskOptions {
  readonly disksize: number
  readonly ops: ZcompOps
  readonly params: ZcompParams
  readonly zcomp: Partial<ZcompOptions>
  readonly runtime: Runtime
  readonly checksum: boolean
}

/** Given back at the end between two turns of the event loop: a mebibyte takes a tenth of a millisecond. */
const mebibytesPerTurn = 8

export class Disk {
  readonly disksize: number
  readonly zcomp: Zcomp
  readonly store: PageStore
  readonly writer: PageWriter
  readonly pump: Pump
  readonly #runtime: Runtime
  readonly #stream: StreamLease

  static async create(options: DiskOptions): Promise<Disk> {
    const zcomp = await Zcomp.create(options.ops, options.params, { ...options.zcomp, runtime: options.runtime })
    return new Disk(zcomp, options)
  }

  private constructor(zcomp: Zcomp, options: DiskOptions) {
    const { runtime, disksize, params, checksum } = options
    this.#runtime = runtime
    this.disksize = disksize
    this.zcomp = zcomp
    this.store = new PageStore({ pageSize: params.pageSize, checksum })
    this.#stream = zcomp.getStream()
    this.writer = new PageWriter(this.store, zcomp, this.#stream)
    const born = runtime.now()
    this.pump = new Pump({
      writer: this.writer,
      reader: new PageReader(this.store, this.#stream, this.writer.staging),
      desk: zcomp.managed,
      runtime,
      onTurn: () => {
        this.store.seconds = Math.floor((runtime.now() - born) / 1000)
      },
    })
  }

  /** A synchronous call never waits for a device: its pages are counted as kept from one. */
  refuseSync(bytes: number): void {
    const desk = this.zcomp.managed
    if (desk !== 'none') desk.refuse('sync', Math.ceil(bytes / this.store.pageSize))
  }

  /** Waits for every request, then ends the codec. No request waits for a device for more than `drainMs`, and the codec's end is bounded too. */
  async close(): Promise<void> {
    const idle = new Promise<void>((resolve) => this.pump.whenIdle(resolve))
    const desk = this.zcomp.managed
    await (desk === 'none' ? idle : desk.drainAfter(idle))
    this.#stream.release()
    await this.zcomp.close()
    while (this.store.end(mebibytesPerTurn)) await new Promise<void>((resolve) => this.#runtime.nextTurn(resolve))
  }
}
