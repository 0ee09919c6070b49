/** What a case is, what judging takes, and what a report says. */
import type { ZcompCaps, ZcompCtx, ZcompOps, ZcompParams, ZcompSetup } from '@zcomp/core'
import type { Golden } from './golden.js'
import type { Rig } from './managed/rig.js'

/** A claim of the contract as data, with the code that puts a backend to the proof. */
export interface Case {
  /** `theme/short-name`, the same for ever: waivers name it. */
  readonly id: string
  /** What must be true, in one sentence. */
  readonly claim: string
  /** 1: every backend. 2: managed streams under faults. */
  readonly level: 1 | 2
  /** Broken backends of this package that the case catches. */
  readonly mutants: readonly string[]
  /** False where the backend does not claim what the case proves; then the opposite case runs. Absent: always claimed. */
  readonly when?: (caps: ZcompCaps, given: Given) => boolean
  run(trial: Trial): Promise<void> | void
}

/** What besides `caps` decides whether there is something to judge. */
export interface Given {
  readonly ops: ZcompOps
  readonly peers: readonly ZcompOps[]
  readonly golden: readonly Golden[]
}

/** A backend in the hands of one case. What it makes here is disposed of afterwards, contexts first. */
export interface Trial extends Given {
  readonly caps: ZcompCaps
  readonly seed: number
  /** How many inputs a fuzz case tries. */
  readonly budget: number
  /** How many random schedules a case of level 2 plays, from `seed` on. */
  readonly seeds: number
  readonly rig: Rig
  /** 4096 where the backend takes that, else the nearest that it takes. */
  readonly pageSize: number
  /** From 0 up to 1; the seed and the case's id decide. */
  random(): number
  /** A whole number from 0 up to, not including, `below`. */
  pick(below: number): number
  params(extra?: Partial<ZcompParams>): ZcompParams
  /** Fails the case where the backend, or the other one that is given, refuses. */
  setup(extra?: Partial<ZcompParams>, ops?: ZcompOps): Promise<ZcompSetup>
  /** A context of a new setup. */
  ctx(extra?: Partial<ZcompParams>): Promise<ZcompCtx>
  /** The same, of a setup that the case has; disposed of afterwards. */
  ctxOf(setup: ZcompSetup): ZcompCtx
  /** The same for what caps cannot say: undefined where the backend refuses and names `refused`. */
  mayRefuse(extra: Partial<ZcompParams>, refused: keyof ZcompParams): Promise<ZcompCtx | undefined>
  /** Fails the case unless the backend refuses and names `refused`. */
  refuses(extra: Partial<ZcompParams>, refused: keyof ZcompParams): Promise<void>
  /** The answer of a promise; fails the case where it does not settle in time. `nudge` is called while waiting. */
  settle<T>(promise: Promise<T>, what: string, nudge?: () => void): Promise<T>
  /** Lets a little time pass. */
  pause(): Promise<unknown>
  /** Imports a module, for what `ops.module` names. */
  import(url: string): Promise<unknown>
}

/** `broke` and `stale-waiver` are failures. */
export type Verdict = 'held' | 'broke' | 'waived' | 'stale-waiver' | 'not-claimed'

/** A case that is known to break, and why that is accepted. Once it holds, the waiver is stale, which is a failure. */
export interface Waiver {
  readonly id: string
  readonly why: string
}

/** A backend, or how to make one: a function is called anew for each case. */
export type Subject = ZcompOps | (() => ZcompOps | Promise<ZcompOps>)

export interface JudgeOptions {
  /** Ids, or patterns with `*`. Default: all of `level`. */
  readonly cases?: readonly string[]
  /** Which cases, where `cases` names none. Default 1. */
  readonly level?: 1 | 2 | 'all'
  /** Default 1. */
  readonly seed?: number
  /** Inputs that a fuzz case tries. Default 1000. */
  readonly budget?: number
  /** Random schedules that each case of level 2 plays, with the seeds from `seed` on. Default 2. */
  readonly seeds?: number
  /** What level 2 puts between core and its device, to try the kit itself. Default: nothing. */
  readonly rig?: Rig
  readonly waive?: readonly Waiver[]
  /** Other backends of the same format, which must read this one's pages, and it theirs. */
  readonly peers?: readonly ZcompOps[]
  /** Pages compressed by earlier versions, or the folder (path or file URL) of `*.json` files that holds them. */
  readonly golden?: readonly Golden[] | string | URL
  /**
   * How a case lets time pass. Default: a timer of a millisecond. In virtual time: `() => runtime.step()`; false says that nothing is
   * left to happen.
   */
  readonly pause?: () => Promise<unknown>
  /** Milliseconds for one case. Default 20000, and a second more for each of `seeds`. */
  readonly limitMs?: number
  /** How to import `ops.module`'s URL. Default: `import(url)`. A runner that compiles TypeScript gives its own. */
  readonly import?: (url: string) => Promise<unknown>
  /** How the command line of `zcomp-conformance` names this backend, for the command in a report. */
  readonly source?: string
  /** The cases to select from. Default: all of this package. */
  readonly suite?: readonly Case[]
}

export interface CaseReport {
  readonly id: string
  readonly claim: string
  readonly verdict: Verdict
  /** Of a broken or waived case. */
  readonly expected?: string
  readonly received?: string
  /** Of a waiver, and of what was not claimed although `caps` say so. */
  readonly why?: string
  /** The run's, or that of the random schedule that broke the case. */
  readonly seed: number
  /** Runs this case alone. */
  readonly command: string
}

export interface Report {
  readonly backend: string
  readonly format: string
  readonly seed: number
  readonly cases: readonly CaseReport[]
  readonly counts: Readonly<Record<Verdict, number>>
  /** What is wrong with the run itself: no case ran, a waiver of an unknown case. */
  readonly problems: readonly string[]
  /** Nothing broke, no waiver is stale, some case ran, no problems. */
  readonly ok: boolean
}
