/** Engines in virtual time, behind the same seam as workers. */
import { type Runtime, type VirtualRuntime, virtualRuntime, ZcompError } from '@zcomp/core'
import type { SimulatedOptions } from './script.js'
import { SimulatedEngine } from './simulated-engine.js'

/** A runtime for `accelerator` and for core: nothing waits, and a seed decides everything. */
export interface SimulatedRuntime extends VirtualRuntime {
  /** Every engine that was ever started, in order. */
  readonly engines: readonly SimulatedEngine[]
}

/** `load` says what engines import; the rest has defaults. */
export function simulatedRuntime(
  options: Partial<SimulatedOptions> & Pick<SimulatedOptions, 'load'>,
  seed: number = 1,
): SimulatedRuntime {
  const virtual = virtualRuntime(seed)
  const engines: SimulatedEngine[] = []
  const settings: SimulatedOptions = {
    serviceMs: 0.004,
    onStart: () => 'up',
    onRequest: () => undefined,
    startMs: 1,
    messageMs: 0.02,
    mortal: true,
    ...options,
  }
  let requests = 0
  const spawn: Runtime['spawn'] = (spec) => {
    const nth = engines.length
    const fate = settings.onStart(nth, nth)
    if (fate === 'throws') throw new ZcompError('EAGAIN', 'no more workers')
    const engine = new SimulatedEngine(nth, spec, virtual, settings, () => requests++)
    engines.push(engine)
    engine.begin(fate)
    return engine
  }
  return Object.assign(Object.create(virtual) as VirtualRuntime, { spawn, engines })
}
