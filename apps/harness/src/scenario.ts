/** A scenario is a claim about a device over a backend, and the code that would see it break. */
import type { ZcompOps, ZramDevice, ZramDeviceOptions } from '@zcomp/core'
import type { PageSet } from './pages/page-set.js'

export interface Scenario {
  /** `group/name`. */
  readonly id: string
  /** One sentence that holds. */
  readonly claim: string
  /** Throws where the claim breaks. What it answers says why there was nothing to see. */
  run(setting: Setting): Promise<Verdict>
}

/** Nothing: held. `notClaimed`: the backend never promised it. `skipped`: the machine cannot show it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a scenario that has nothing to say returns nothing
export type Verdict = void | { readonly notClaimed: string } | { readonly skipped: string }

/** What a scenario works with. */
export interface Setting {
  readonly ops: ZcompOps
  /** All backends of the run, this one included. */
  readonly backends: readonly ZcompOps[]
  readonly pages: PageSet
  readonly seed: number
  /** Numbers from 0 up to 1, from the seed and the scenario's name alone. */
  readonly random: () => number
  /** A copy of up to `count` granules of 4 KiB. */
  sample(count: number): Uint8Array
  /** A device over this backend, or over `ops` if given; closed when the scenario ends. */
  open(options?: OpenOptions): Promise<ZramDevice>
}

export type OpenOptions = Partial<ZramDeviceOptions> & { readonly ops?: ZcompOps }
