/** One case's hold on a backend: seeded chance, setups and contexts that are ended afterwards, waiting that ends. */
import type { Refused, ZcompCaps, ZcompCtx, ZcompOps, ZcompParams, ZcompSetup } from '@zcomp/core'
import { check, fail, show } from './check.js'
import { makeCtx } from './codec.js'
import type { Golden } from './golden.js'
import type { Rig } from './managed/rig.js'
import { hash, randomFrom } from './random.js'
import type { Trial } from './types.js'

/** Everything that a trial needs to know, defaults filled in. */
export interface TrialOptions {
  readonly seed: number
  readonly budget: number
  readonly seeds: number
  readonly rig: Rig
  readonly peers: readonly ZcompOps[]
  readonly golden: readonly Golden[]
  readonly limitMs: number
  readonly pause: () => Promise<unknown>
  readonly import: (url: string) => Promise<unknown>
}

export class CaseTrial implements Trial {
  readonly ops: ZcompOps
  readonly peers: readonly ZcompOps[]
  readonly golden: readonly Golden[]
  readonly seed: number
  readonly budget: number
  readonly seeds: number
  readonly rig: Rig
  readonly random: () => number
  readonly pause: () => Promise<unknown>
  readonly import: (url: string) => Promise<unknown>
  readonly #limitMs: number
  readonly #ctxs: ZcompCtx[] = []
  readonly #setups: ZcompSetup[] = []

  constructor(id: string, ops: ZcompOps, options: TrialOptions) {
    this.ops = ops
    this.peers = options.peers
    this.golden = options.golden
    this.seed = options.seed
    this.budget = options.budget
    this.seeds = options.seeds
    this.rig = options.rig
    this.random = randomFrom(hash(id) ^ Math.imul(options.seed, 0x9e3779b1))
    this.pause = options.pause
    this.import = options.import
    this.#limitMs = options.limitMs
  }

  get caps(): ZcompCaps {
    return this.ops.caps
  }

  get pageSize(): number {
    const { min, max } = this.caps.pageSizes
    return Math.min(Math.max(4096, min), max)
  }

  pick(below: number): number {
    return Math.floor(this.random() * below)
  }

  params(extra: Partial<ZcompParams> = {}): ZcompParams {
    return { pageSize: this.pageSize, ...extra }
  }

  async setup(extra: Partial<ZcompParams> = {}, ops: ZcompOps = this.ops): Promise<ZcompSetup> {
    const setup = await this.#ask(extra, ops)
    if ('refused' in setup) fail(`setupParams(${showParams(extra)}) to be accepted`, setup)
    this.#setups.push(setup)
    return setup
  }

  async mayRefuse(extra: Partial<ZcompParams>, refused: keyof ZcompParams): Promise<ZcompCtx | undefined> {
    const setup = await this.#ask(extra, this.ops)
    if (!('refused' in setup)) {
      this.#setups.push(setup)
      return this.ctxOf(setup)
    }
    checkRefusal(setup, refused, `setupParams(${showParams(extra)})`)
    return undefined
  }

  async ctx(extra: Partial<ZcompParams> = {}): Promise<ZcompCtx> {
    return this.ctxOf(await this.setup(extra))
  }

  ctxOf(setup: ZcompSetup): ZcompCtx {
    const ctx = makeCtx(setup)
    this.#ctxs.push(ctx)
    return ctx
  }

  async refuses(extra: Partial<ZcompParams>, refused: keyof ZcompParams): Promise<void> {
    const text = `setupParams(${showParams(extra)})`
    const setup = await this.#ask(extra, this.ops)
    if (!('refused' in setup)) {
      this.#setups.push(setup)
      fail(`${text} to be refused by name, { refused: '${refused}', why }`, 'a setup, as if it were honoured')
    }
    checkRefusal(setup, refused, text)
  }

  /** A backend answers with a refusal, a setup, or a rejection for an environment that does not work. */
  async #ask(extra: Partial<ZcompParams>, ops: ZcompOps): ReturnType<ZcompOps['setupParams']> {
    const text = `setupParams(${showParams(extra)})`
    let answer: ReturnType<ZcompOps['setupParams']>
    try {
      answer = ops.setupParams(this.params(extra))
    } catch (error) {
      fail(`${text} to return a promise`, error)
    }
    check(typeof answer?.then === 'function', `${text} to return a promise`, answer)
    const setup = await this.settle(answer, text)
    check(typeof setup === 'object' && setup !== null, `${text} to resolve to a setup or a refusal`, setup)
    return setup
  }

  async settle<T>(promise: Promise<T>, what: string, nudge: () => void = () => {}): Promise<T> {
    const seen: { done: boolean; rejection: unknown } = { done: false, rejection: undefined }
    const watched = promise.then(
      () => {
        seen.done = true
      },
      (error: unknown) => {
        seen.done = true
        seen.rejection = error ?? 'undefined'
      },
    )
    const limitMs = this.#limitMs / 2
    const end = Date.now() + limitMs
    for (let i = 0; i < 4 && !seen.done; i++) await null
    while (!seen.done) {
      if (Date.now() > end) fail(`${what} to settle`, `no answer in ${limitMs} ms`)
      nudge()
      const more = await Promise.race([watched, this.pause()])
      if (more === false && !seen.done) fail(`${what} to settle`, 'no answer, and nothing is left to happen')
    }
    if (seen.rejection !== undefined) fail(`${what} to resolve`, `a rejection: ${show(seen.rejection)}`)
    return promise
  }

  /** Ends what the case made and did not end itself, in the contract's order. */
  async end(): Promise<void> {
    for (const ctx of this.#ctxs.splice(0)) ctx[Symbol.dispose]()
    for (const setup of this.#setups.splice(0)) await this.settle(setup[Symbol.asyncDispose](), 'disposing of a setup')
  }
}

function checkRefusal(answer: Refused, refused: keyof ZcompParams, text: string): void {
  check(answer.refused === refused, `${text} to be refused for '${refused}'`, answer)
  check(typeof answer.why === 'string' && answer.why !== '', `${text} to be refused with a reason in 'why'`, answer)
}

function showParams(extra: Partial<ZcompParams>): string {
  const parts = Object.entries(extra).map(([name, value]) => `${name}: ${show(value)}`)
  return parts.length > 0 ? `{ ${parts.join(', ')} }` : ''
}
