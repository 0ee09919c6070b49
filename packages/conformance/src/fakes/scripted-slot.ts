/** A request in the hands of a scripted device, and the memory that it works on. */
import { Status, type ZcompCtx } from '@zcomp/core'
import { equalBytes } from '../check.js'
import type { Plan } from './scripted-plan.js'

export interface Slot {
  readonly src: Uint8Array
  readonly buffer: Uint8Array
  request: ScriptedRequest | undefined
}

/** What a face compresses with; `'none'`: it has ended. */
export interface Engine {
  ctx: ZcompCtx | 'none'
}

export function makeSlot(bytes: number): Slot {
  return { src: new Uint8Array(bytes), buffer: new Uint8Array(bytes), request: undefined }
}

/** Answers once; what the page looks like to the device is looked at when it answers, as hardware does. */
export class ScriptedRequest {
  readonly slot: Slot
  readonly plan: Plan
  readonly nth: number
  readonly owner: object
  state: 'queued' | 'running' | 'stuck' | 'over' = 'queued'
  readonly #engine: Engine
  readonly #length: number
  readonly #seen: Uint8Array
  readonly #note: (mistake: string) => void
  readonly #resolve: (answer: number) => void
  readonly #reject: (error: Error) => void

  constructor(
    at: { readonly slot: Slot; readonly owner: object; readonly engine: Engine; readonly length: number },
    plan: Plan,
    nth: number,
    ends: {
      readonly note: (mistake: string) => void
      readonly resolve: (answer: number) => void
      readonly reject: (error: Error) => void
    },
  ) {
    this.slot = at.slot
    this.owner = at.owner
    this.plan = plan
    this.nth = nth
    this.#engine = at.engine
    this.#length = at.length
    this.#seen = at.slot.src.slice(0, at.length)
    this.#note = ends.note
    this.#resolve = ends.resolve
    this.#reject = ends.reject
  }

  /** Ends as planned, or with `answer` where one is given. */
  end(answer?: number): void {
    if (this.state === 'over') return
    this.state = 'over'
    this.slot.request = undefined
    const own = this.work()
    if (answer !== undefined) this.#resolve(answer)
    else if (this.plan.how === 'reject') this.#reject(new Error('the device was reset'))
    else this.#resolve((this.plan.answer ?? own) as number)
  }

  /** Compresses, and answers a length or a status. */
  work(): number {
    const { src, buffer } = this.slot
    const page = src.subarray(0, this.#length)
    if (!equalBytes(page, this.#seen)) this.#note(`request ${this.nth}: src was changed while the device had it`)
    const { ctx } = this.#engine
    if (ctx === 'none') return Status.fault
    const wrote = press(ctx, page, buffer)
    if (wrote > 0) this.plan.spoil?.(buffer, wrote)
    return wrote
  }
}

function press(ctx: ZcompCtx, page: Uint8Array, buffer: Uint8Array): number {
  try {
    ctx.input.set(page)
    const wrote = ctx.compress(0, page.length)
    if (wrote > buffer.length) return Status.noSpace
    if (wrote > 0) buffer.set(ctx.buffer.subarray(0, wrote))
    return wrote
  } catch {
    return Status.fault
  }
}
