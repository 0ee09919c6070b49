/** A scenario is a claim about a device over a backend, and the code that would see it break. */
import type { ZcompOps, ZramDevice, ZramDeviceOptions } from '@zcomp/core'
import type { Forms, Mode } from './forms.js'
import type { PageSet } from './pages/page-set.js'
import type { Timeline } from './timeline.js'

export interface Scenario {
  /** `group/name`. */
  readonly id: string
  /** One sentence that holds. */
  readonly claim: string
  /** The forms of a backend on which there is something to see. Default: both. */
  readonly modes?: readonly Mode[]
  /** Throws where the claim breaks. What it answers says why there was nothing to see. */
  run(setting: Setting): Promise<Verdict>
}

/** Nothing: held. `notClaimed`: the backend never promised it. `skipped`: the machine cannot show it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a scenario that has nothing to say returns nothing
export type Verdict = void | { readonly notClaimed: string } | { readonly skipped: string }

/** What a scenario works with. */
export interface Setting {
  /** The backend in the form that this run is about. */
  readonly ops: ZcompOps
  readonly forms: Forms
  /** All backends of the run, this one included. */
  readonly backends: readonly ZcompOps[]
  readonly pages: PageSet
  readonly seed: number
  /** Numbers from 0 up to 1, from the seed and the scenario's name alone. */
  readonly random: () => number
  /** A copy of up to `count` granules of 4 KiB. */
  sample(count: number): Uint8Array
  /** A device over this backend, or over `ops` if given; closed when the scenario ends. One with managed streams prefers them. */
  open(options?: OpenOptions): Promise<ZramDevice>
  /** Keeps a timeline for the report. */
  show(timeline: Timeline): void
}

export type OpenOptions = Partial<ZramDeviceOptions> & { readonly ops?: ZcompOps }
