import { zstd } from '@zcomp/backend-zstd'
import type { ZcompOps, ZramDevice, ZramDeviceOptions } from '@zcomp/core'
import type { Row } from '../src/row.js'
import { runAll } from '../src/run.js'
import type { Scenario } from '../src/scenario.js'
// @ts-expect-error: plain JavaScript, as a stranger's backend would be
import { makeBackend } from './fixtures/healthy.js'
import { gatherMade } from './made-pages.js'

/** One of ours that claims levels and dictionaries, and is fast. */
export const healthy: ZcompOps = zstd()
const other: ZcompOps = makeBackend()

/** The rows of one scenario on the healthy backend, on devices that `create` makes. */
export async function runOn(
  scenario: Scenario,
  create?: (options: ZramDeviceOptions) => Promise<ZramDevice>,
): Promise<Row> {
  const run = runAll({
    subjects: [healthy, other].map((ops) => ({ ops, word: ops.name })),
    kit: [],
    scenarios: [scenario],
    pages: gatherMade(64),
    seed: 7,
    replayPages: '',
    limitMs: 20_000,
    ...(create ? { create } : {}),
  })
  for await (const row of run) return row
  throw new Error('no row')
}

/** Something written to, for the terminal or pipe that is not there. */
export function sink(isTTY = false): { text: string; isTTY: boolean; columns: number; write(text: string): void } {
  return {
    text: '',
    isTTY,
    columns: 60,
    write(text) {
      this.text += text
    },
  }
}
