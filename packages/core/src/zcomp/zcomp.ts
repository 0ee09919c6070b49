/** The front end: one backend set up with one set of parameters. Software is always there; managed streams come on top. */

import { isZcompError, ZcompError } from '../errors.js'
import type { FallbackReason } from '../managed/counts.js'
import { ManagedDesk } from '../managed/desk.js'
import { ManagedLease } from '../managed/lease.js'
import { type ManagedOptions, type ManagedSettings, readDrainMs, readManaged } from '../managed/options.js'
import type { Redo } from '../managed/requests.js'
import { verifier } from '../managed/verify.js'
import { Status, type ZcompCtx, type ZcompOps, type ZcompParams, type ZcompSetup } from '../ops.js'
import { checkAbi } from '../registry.js'
import { type Runtime, realRuntime } from '../runtime/runtime.js'
import { noSoftwareCounts, type SoftwareCounts, StreamLease } from './lease.js'
import { Queue } from './queue.js'

export interface ZcompOptions {
  /** How managed streams are used where the backend has them; `'none'`: never. */
  readonly managed: ManagedOptions | 'none'
  /** How long `close` waits for requests, and then for a setup that does not end, in milliseconds. 0 to 2147483647, default 5000. */
  readonly drainMs: number
  readonly runtime: Runtime
}

type Timing = Pick<ZcompOptions, 'drainMs' | 'runtime'>

export class Zcomp implements AsyncDisposable {
  readonly ops: ZcompOps
  readonly params: ZcompParams
  readonly software: SoftwareCounts = noSoftwareCounts()
  readonly #setup: ZcompSetup
  readonly #options: Timing
  readonly #desk: ManagedDesk | undefined
  /** Why there is no desk. */
  readonly #unmanaged: 'unsupported' | 'policy' = 'unsupported'
  /** Pages decompressed only to check a device: not the readers'. */
  readonly #checks = noSoftwareCounts()
  readonly #free: ZcompCtx[] = []
  readonly #lent = new Queue<StreamLease>()
  #closing: Promise<void> | undefined

  /**
   * Rejects with a `ZcompError`: EINVAL names the parameter that was refused, ENOTSUP a backend for another version of the contract,
   * EIO and ENOMEM carry what the backend threw. Nothing is left behind.
   */
  static async create(ops: ZcompOps, params: ZcompParams, options: Partial<ZcompOptions> = {}): Promise<Zcomp> {
    checkAbi(ops, 'ops')
    const { managed, runtime = realRuntime } = options
    const timing = { drainMs: readDrainMs(options.drainMs), runtime }
    const settings = managed === 'none' ? 'none' : readManaged(managed)
    const setup = await ops
      .setupParams(params)
      .catch((cause: unknown) => fail('EIO', `${ops.name}: set-up failed`, cause))
    if ('refused' in setup) throw new ZcompError('EINVAL', `${ops.name}: ${setup.refused} ${setup.why}`)
    const zcomp = new Zcomp(ops, params, setup, settings, timing)
    try {
      zcomp.getStream().release()
    } catch (error) {
      await zcomp.close().catch(() => {})
      throw error
    }
    return zcomp
  }

  private constructor(
    ops: ZcompOps,
    params: ZcompParams,
    setup: ZcompSetup,
    settings: ManagedSettings | 'none',
    options: Timing,
  ) {
    this.ops = ops
    this.params = params
    this.#setup = setup
    this.#options = options
    if (setup.managed === 'none' || settings === 'none') {
      this.#unmanaged = setup.managed === 'none' ? 'unsupported' : 'policy'
      return
    }
    const { pageSize } = params
    const verify = verifier(pageSize, this.#decompress)
    this.#desk = new ManagedDesk(setup.managed, { pageSize, ...options, redo: this.#redo, verify }, settings)
  }

  /** `'none'` is settled for good: whoever sees it need never ask for a managed stream. */
  get managed(): ManagedDesk | 'none' {
    return this.#desk ?? 'none'
  }

  /** A software stream, at once. Several held at a time are several contexts; the first exists, the next may throw ENOMEM. ENODEV once closed. */
  getStream(): StreamLease {
    if (this.#closing) throw new ZcompError('ENODEV', `${this.ops.name}: closed, no more streams`)
    return this.#lend()
  }

  /**
   * A managed stream, or why there is none now, or, under a policy that waits, the answer to ask again later. Never waits itself. `backlog`:
   * pages that wait behind this one.
   */
  getManagedStream(backlog: number = 0): ManagedLease | FallbackReason | 'wait' {
    return this.#desk ? this.#desk.getStream(backlog) : this.#unmanaged
  }

  /**
   * Lets the device begin, and look for answers. Call it after submitting and between pages compressed here, and give way to promises
   * now and then (`await null` will do). The end of the turn rings by itself.
   */
  commit(): void {
    this.#desk?.commit()
  }

  /**
   * Compresses a page into `out`, on a device if the policy finds a stream, else in software. Answers as a lease does; `page` may be reused
   * at once.
   */
  async compressPage(page: Uint8Array, out: Uint8Array): Promise<number> {
    const desk = this.#desk
    if (!desk) return this.compressPageSync(page, out)
    const got = desk.ask(0, -1, -1)
    if (typeof got === 'object') return compressManaged(new ManagedLease(got), page, out)
    const kept = got === 'wait' ? page.slice() : page
    const later = got === 'wait' ? await desk.acquire() : got
    if (typeof later === 'object') return compressManaged(later, kept, out)
    return desk.strict ? Status.fault : this.compressPageSync(kept, out)
  }

  /** The same in software, now. */
  compressPageSync(page: Uint8Array, out: Uint8Array): number {
    const stream = this.getStream()
    try {
      return compressInto(stream, page, page.length, out)
    } finally {
      stream.release()
    }
  }

  /**
   * Ends things in the order that they were made from each other: requests, contexts, setup. A request has until its deadline, at most
   * `drainMs`; a setup that does not end is left behind after `drainMs` more. So it takes twice `drainMs` at the longest.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await this.#desk?.drain()
    while (this.#lent.first) this.#lent.first.release()
    for (const ctx of this.#free.splice(0)) ctx[Symbol.dispose]()
    try {
      await within(this.#options, this.#setup[Symbol.asyncDispose]())
    } catch (cause) {
      fail('EIO', `${this.ops.name}: set-up did not end cleanly`, cause)
    } finally {
      this.#desk?.close()
    }
  }

  #lend(counts: SoftwareCounts = this.software): StreamLease {
    const lease = new StreamLease(this.#free.pop() ?? this.#newCtx(), counts, this.#takeBack)
    this.#lent.push(lease)
    return lease
  }

  readonly #takeBack = (lease: StreamLease, ctx: ZcompCtx): void => {
    this.#lent.remove(lease)
    this.#free.push(ctx)
  }

  #newCtx(): ZcompCtx {
    const { name } = this.ops
    const { pageSize } = this.params
    const ctx = this.#makeCtx()
    if (ctx.input.length >= pageSize && ctx.buffer.length >= 2 * pageSize) return ctx
    ctx[Symbol.dispose]()
    throw new ZcompError(
      'EINVAL',
      `${name}: a context needs an input of a page and a buffer of two, not ${ctx.input.length} and ${ctx.buffer.length} bytes`,
    )
  }

  #makeCtx(): ZcompCtx {
    try {
      return this.#setup.createCtx()
    } catch (cause) {
      return fail('ENOMEM', `${this.ops.name}: no context`, cause)
    }
  }

  readonly #decompress = (src: Uint8Array, dst: Uint8Array): number => {
    const stream = this.#lend(this.#checks)
    try {
      return stream.decompress(src, dst)
    } finally {
      stream.release()
    }
  }

  readonly #redo: Redo = (src, length, out) => {
    try {
      const stream = this.#lend()
      try {
        return compressInto(stream, src, length, out)
      } finally {
        stream.release()
      }
    } catch {
      return Status.fault
    }
  }
}

async function compressManaged(lease: ManagedLease, page: Uint8Array, out: Uint8Array): Promise<number> {
  try {
    lease.src.set(page)
    return copyResult(await lease.compress(page.length), lease.buffer, out)
  } finally {
    lease.release()
  }
}

function compressInto(stream: StreamLease, src: Uint8Array, length: number, out: Uint8Array): number {
  stream.input.set(src.length === length ? src : src.subarray(0, length))
  return copyResult(stream.compress(0, length), stream.buffer, out)
}

/** What does not fit into `out` is not worth storing compressed either. */
function copyResult(wrote: number, buffer: Uint8Array, out: Uint8Array): number {
  if (wrote > out.length) return Status.declined
  if (wrote > 0) out.set(buffer.subarray(0, wrote))
  return wrote
}

function fail(code: 'EIO' | 'ENOMEM', message: string, cause: unknown): never {
  throw isZcompError(cause) ? cause : new ZcompError(code, message, { cause })
}

/** A setup that does not end is left behind rather than waited for. */
async function within({ runtime, drainMs }: Timing, ending: Promise<void>): Promise<void> {
  let cancel = (): void => {}
  const late = new Promise<void>((resolve) => {
    cancel = runtime.after(drainMs, resolve)
  })
  await Promise.race([ending, late]).finally(cancel)
}
