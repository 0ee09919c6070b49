/** What is measured. A row opens once, and its measures go over all pages once in each round, in turn with everybody else's. */

import type { ZcompOps } from '@zcomp/core'
import type { PageSet } from '@zcomp/harness/pages'
import type { Slice } from './slices.js'

export interface Row {
  /** `kind/name`, such as `codec/lz4`. */
  readonly id: string
  /** Makes ready what a measure needs, or says why it cannot be had here. */
  open(env: Env): Promise<Opened | Missing>
}

export interface Env {
  readonly pages: PageSet
  /** The same pages as a file, for programs in C. */
  readonly pagesFile: string
  /** Where compiled programs are kept. */
  readonly cache: string
  /** Sources of the programs in C. */
  readonly sources: string
  /** MiB that a managed row writes in one pass. */
  readonly mib: number
}

export interface Missing {
  readonly missing: string
}

export interface Opened {
  readonly measures: readonly Measure[]
  /** Single figures, bytes by name. */
  readonly facts?: Readonly<Record<string, number>>
  close(): Promise<void> | void
}

export type Measure = SlicedMeasure | StretchedMeasure | WholeMeasure

/** Runs once a slice; what its slices took together is its sample of a round. */
export interface SlicedMeasure {
  /** `kind/name/what`. */
  readonly id: string
  readonly runs: 'by the slice'
  /** Works on the pages of one slice. Slices come in order, and cover all pages once a round. */
  run(round: number, slice: Slice): Promise<Took> | Took
}

/** Runs in stretches, each longer than a slice, in turn with others of its group: what needs a while to get going. */
export interface StretchedMeasure {
  /** `kind/name/what`. */
  readonly id: string
  readonly runs: 'in stretches'
  /** Those of one group have equally many stretches, and run in turns. */
  readonly group: string
  readonly stretches: number
  /** Begins a pass, which is its sample of a round. What is done here does not count. */
  begin(round: number): Promise<Pass> | Pass
}

export interface Pass {
  /** Its nth stretch, from 0. They come in order. */
  run(nth: number): Promise<void>
  end(): Sample
}

/** Runs once a round: what has pauses or a length of its own. */
export interface WholeMeasure {
  /** `kind/name/what`. */
  readonly id: string
  readonly runs: 'whole'
  /** One pass. */
  run(round: number): Promise<Sample> | Sample
}

export type Figures = Readonly<Record<string, number>>

export interface Took {
  readonly wallNs: number
  /** Of the whole process, the kernel's part included. */
  readonly cpuNs: number
  /** Pages of 4 KiB that were worked on. */
  readonly pages: number
}

/** One pass. */
export interface Sample extends Took {
  /** What else this pass showed, by name; each with its unit in its name. */
  readonly figures?: Figures
}

/** A backend to measure: software only, whatever device it may have. */
export interface Subject {
  readonly name: string
  readonly ops: ZcompOps
}
