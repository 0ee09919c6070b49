/** What is measured. A row opens once, and its measures run once in each round, in turn with everybody else's. */

import type { ZcompOps } from '@zcomp/core'
import type { PageSet } from '@zcomp/harness/pages'

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

export interface Measure {
  /** `kind/name/what`. */
  readonly id: string
  /** One pass over all pages. */
  run(round: number): Promise<Sample> | Sample
}

export type Figures = Readonly<Record<string, number>>

/** One pass. */
export interface Sample {
  readonly wallNs: number
  /** Of the whole process, the kernel's part included. */
  readonly cpuNs: number
  /** Pages of 4 KiB that were worked on. */
  readonly pages: number
  /** What else this pass showed, by name; each with its unit in its name. */
  readonly figures?: Figures
}

/** A backend to measure: software only, whatever device it may have. */
export interface Subject {
  readonly name: string
  readonly ops: ZcompOps
}
