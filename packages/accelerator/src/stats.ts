/** What an accelerator says of itself: plain, cloneable data. */

/** Since the accelerator was made, over all the times that it was started. */
export interface AcceleratorCounts {
  /** Times that a first setup brought the pool up, and that a last one took it down. */
  begun: number
  ended: number
  /** Setups for which there was no memory. */
  failed: number
  lent: number
  returned: number
  /** Streams that a setup still had when it ended. */
  reclaimed: number
  submitted: number
  /** Settled by an engine's answer. */
  answered: number
  /** Settled with a fault when their engine ended. */
  orphaned: number
  /** Settled with a fault because their setup ended, or no engine was left, before they were sent. */
  cancelled: number
  /** Answers dropped: for a request that was settled without its engine, for one settled already, for none that ever was. */
  late: number
  duplicate: number
  unknown: number
  /** Calls that broke the contract: a stream put twice or in flight, a second request on one stream, a length out of range. */
  misused: number
  /** Sleeping engines rung, and times that main was woken. */
  bells: number
  wakes: number
  /** Engines started, ended without being told to, and told to end because they stood still. */
  starts: number
  deaths: number
  hangs: number
  /** Times that no stream was to be had. `quota`: some are free, but kept for others; a caller is told `'exhausted'`. */
  readonly refused: { exhausted: number; quota: number; starting: number; draining: number; removed: number }
}

export function noCounts(): AcceleratorCounts {
  return {
    begun: 0,
    ended: 0,
    failed: 0,
    lent: 0,
    returned: 0,
    reclaimed: 0,
    submitted: 0,
    answered: 0,
    orphaned: 0,
    cancelled: 0,
    late: 0,
    duplicate: 0,
    unknown: 0,
    misused: 0,
    bells: 0,
    wakes: 0,
    starts: 0,
    deaths: 0,
    hangs: 0,
    refused: { exhausted: 0, quota: 0, starting: 0, draining: 0, removed: 0 },
  }
}

/** `off`: nobody has asked for a stream yet. `dead`: to be started again after a pause. `gone`: failed too often. `ending`: told to end, and not ended yet. */
export type EngineState = 'off' | 'starting' | 'up' | 'ending' | 'dead' | 'gone'

export interface EngineStats {
  readonly state: EngineState
  /** Why it ended last, or `''`. */
  readonly why: string
  readonly inFlight: number
  readonly asleep: boolean
  /** Failures in a row. */
  readonly failures: number
  /** Of this run of the engine: times asleep, sleeps ended by their time limit, those of them with work at hand (never, if all is well), wake-ups of main. */
  readonly sleeps: number
  readonly limits: number
  readonly lost: number
  readonly wakes: number
}

/** `starting`: no engine is ready for this setup. `removed`: none will ever be, or none can be. */
export type SetupState = 'starting' | 'open' | 'draining' | 'removed'

export interface SetupStats {
  readonly id: number
  readonly name: string
  readonly state: SetupState
  /** Why it is `removed`, or `''`. */
  readonly why: string
  readonly held: number
  readonly reserved: number
  readonly waiting: number
  readonly inFlight: number
  readonly submitted: number
  /** Mean time that an engine needs for one of its pages, in microseconds; 0 before one was timed. */
  readonly serviceMicros: number
}

export interface AcceleratorStats {
  /** `idle`: nobody uses it, or has asked for a stream yet, and no engine runs. `degraded`: some engine is not up. `removed`: none will come up again. */
  readonly health: 'idle' | 'starting' | 'up' | 'degraded' | 'removed'
  readonly streams: number
  readonly free: number
  readonly held: number
  /** Out of use until the pool is started anew: an engine that could not be ended may still write to them. */
  readonly lost: number
  readonly waiting: number
  readonly inFlight: number
  readonly memoryBytes: number
  readonly engines: readonly EngineStats[]
  readonly setups: readonly SetupStats[]
  readonly counts: AcceleratorCounts
}

/** The laws that hold at every moment; answers with those that do not. */
export function checkAcceleratorLaws({ counts, ...now }: AcceleratorStats): string[] {
  const broken: string[] = []
  const law = (ok: boolean, text: string): void => {
    if (!ok) broken.push(text)
  }
  const { lent, returned, reclaimed, submitted, answered, orphaned, cancelled, begun, ended } = counts
  law(
    lent === returned + reclaimed + now.held,
    `lent ${lent} = returned ${returned} + reclaimed ${reclaimed} + held ${now.held}`,
  )
  law(
    submitted === answered + orphaned + cancelled + now.waiting + now.inFlight,
    `submitted ${submitted} = answered ${answered} + orphaned ${orphaned} + cancelled ${cancelled} + waiting ${now.waiting} + in flight ${now.inFlight}`,
  )
  law(
    now.free + now.held + now.lost === now.streams,
    `free ${now.free} + held ${now.held} + lost ${now.lost} = ${now.streams}`,
  )
  // A life has memory from its first setup to its last.
  law(begun === ended + (now.memoryBytes > 0 ? 1 : 0), `begun ${begun} = ended ${ended} + the present life`)
  law(
    now.held >= now.waiting + now.inFlight,
    `held ${now.held} covers waiting ${now.waiting} and in flight ${now.inFlight}`,
  )
  return broken
}
