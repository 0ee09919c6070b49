import { type Fault, FaultControl, faults } from '@zcomp/accelerator'
import { type ManagedCounts, neverWait, type ZramDevice } from '@zcomp/core'
import { Broken, must, mustEqual } from '../broken.js'
import type { Scenario } from '../scenario.js'
import { type Recorder, recordTimeline } from '../timeline.js'
import { compare } from './fill.js'

const requestBytes = 32 * 1024
const outstanding = 12
const breaker = { errors: 8, among: 64, goodProbes: 2, backoffMs: 20, mostBackoffMs: 80 }

/** What happens to the device, one after the other, in milliseconds. */
const phases = [
  { ms: 150, what: 'works' },
  { ms: 200, what: 'fails and corrupts' },
  { ms: 150, what: 'works' },
  { ms: 200, what: 'hangs' },
  { ms: 200, what: 'works' },
  { ms: 150, what: 'removed' },
  { ms: 250, what: 'back' },
] as const

type Phase = (typeof phases)[number]['what']

export const managedFaults: Scenario = {
  id: 'managed/faults',
  claim:
    'While engines fail, corrupt, hang, vanish and come back, every write succeeds and reads back equal, and the device returns to use.',
  modes: ['managed'],
  async run({ ops, open, sample, seed, show }) {
    const bytes = sample(1024)
    const control = new FaultControl()
    const patient = { nth: seed }
    let now: Phase = 'works'
    const plan = (on: 'getStream' | 'compress'): Fault | undefined =>
      on === 'compress' ? faultIn(now, patient) : undefined
    const managed = { policy: neverWait(), deadlineMs: 60, verify: 1, breaker, trace: 16384 }
    const device = await open({ ops: faults(ops, plan, { control }), disksize: bytes.length, managed })
    const recorder = recordTimeline(device, ops.name)
    try {
      for (const { ms, what } of phases) {
        recorder.event(what)
        now = what
        if (what === 'removed') control.die()
        if (what === 'back') control.comeBack()
        await writeFor(ms, device, bytes, recorder)
        await writeUntil(() => seen[what](countsOf(device), healthOf(device)), device, bytes, recorder)
        // What hangs would hang for good: its driver resets it.
        if (what === 'hangs') control.reset('lose', 5)
      }
    } finally {
      show(recorder.end())
    }
    mustEqual('health at the end', healthOf(device), 'closed')
    await device.write(0, bytes)
    await compare(device, bytes, 'after all that')
    checkCounts(countsOf(device))
  },
}

/** Every sixth request fails, and every sixth lies. */
function faultIn(phase: Phase, patient: { nth: number }): Fault | undefined {
  if (phase === 'hangs') return { kind: 'hang' }
  if (phase !== 'fails and corrupts') return undefined
  const kinds: readonly (Fault | undefined)[] = [{ kind: 'fail' }, undefined, undefined, { kind: 'corrupt' }]
  return kinds[patient.nth++ % 6]
}

/** Writes all of it, over and over, several requests at a time, until the time is over. */
async function writeFor(ms: number, device: ZramDevice, bytes: Uint8Array, recorder: Recorder): Promise<void> {
  const end = performance.now() + ms
  let at = 0
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const from = at
      at = (at + requestBytes) % bytes.length
      await device.write(from, bytes.subarray(from, from + requestBytes))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  recorder.sample()
  await Promise.all(Array.from({ length: outstanding }, one))
}

/** What must have been seen before the next phase: on a busy machine a deadline may pass once more, and the breaker take its time. */
const seen: Record<Phase, (counts: ManagedCounts, health: string) => boolean> = {
  works: (_, health) => health === 'closed',
  'fails and corrupts': ({ fault, invalid }) => fault > 0 && invalid.verify > 0,
  hangs: ({ deadline }) => deadline > 0,
  removed: ({ breaker: { removed } }) => removed > 0,
  back: (_, health) => health === 'closed',
}

async function writeUntil(
  done: () => boolean,
  device: ZramDevice,
  bytes: Uint8Array,
  recorder: Recorder,
): Promise<void> {
  for (let tries = 0; tries < 400 && !done(); tries++) await writeFor(25, device, bytes, recorder)
}

function countsOf(device: ZramDevice): ManagedCounts {
  const { managed } = device.stats()
  if (managed === 'none') throw new Broken('managed in stats()', 'counts', managed)
  return managed
}

function healthOf(device: ZramDevice): string {
  const { desk } = device.stats()
  return desk === 'none' ? 'none' : desk.health
}

function checkCounts(counts: ManagedCounts): void {
  const { failed, fault, invalid, deadline, breaker: state, redone } = counts
  mustEqual('pages that neither compressed', failed, 0)
  must(fault > 0 && invalid.verify > 0, 'faults and corrupt results', 'some of both', `${fault} and ${invalid.verify}`)
  must(deadline > 0, 'deadlines that passed while it hung', 'some', deadline)
  must(redone >= fault + invalid.verify, 'pages redone', `at least ${fault + invalid.verify}`, redone)
  must(
    state.opened > 0 && state.removed > 0,
    'times that it was left alone',
    'some',
    `${state.opened}, ${state.removed}`,
  )
  must(state.closed > 0, 'times that it was taken back into use', 'some', state.closed)
}
