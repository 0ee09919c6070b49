import type { ZcompOps } from '@zcomp/core'
import { workerScenarios } from './worker-scenarios.js'

/** Two functions that every test runner has. */
export interface Runner {
  describe(name: string, body: () => void): void
  it(name: string, body: () => Promise<void>): void
}

/** Makes a test of each scenario. Pages default to text and noise of 4 KiB. */
export function describeWorkers(
  ops: ZcompOps,
  { describe, it }: Runner,
  pages: readonly Uint8Array[] = somePages(),
): void {
  describe(`${ops.name} on worker engines`, () => {
    for (const scenario of workerScenarios) {
      it(`${scenario.id}: ${scenario.title}`, () => scenario.run({ ops, pages }))
    }
  })
}

function somePages(): Uint8Array[] {
  return Array.from({ length: 32 }, (_, nth) => {
    const page = new Uint8Array(4096)
    let x = nth + 1
    for (let i = 0; i < page.length; i++) {
      x = (Math.imul(x, 1103515245) + 12345) >>> 0
      page[i] = i % 64 < nth ? x >>> 24 : nth
    }
    return page
  })
}
