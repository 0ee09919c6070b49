/** What is read back, whatever compressed it, and whatever a device claims to have compressed. */
import { Status } from '@zcomp/core'
import { check, same } from '../../check.js'
import type { Plan } from '../../fakes/scripted-plan.js'
import type { PageKind } from '../../pages.js'
import { chanceOf, type Scenario } from '../scenario.js'
import { sometimes } from '../schedule.js'
import type { Stage } from '../stage.js'
import { openWorld, plain, type World } from '../world.js'
import { quickBreaker, scarce } from './common.js'

const kinds: readonly PageKind[] = [
  'text',
  'pointers',
  'sparse',
  'repeats',
  'nearly-noise',
  'noise',
  'same-filled',
  'zero',
]

/** Page `i` of a mixture of all kinds. */
const mixed = (stage: Stage, i: number): Uint8Array => stage.page(i, kinds[i % kinds.length]!)

/** Writes `count` pages; the odd ones are synchronous, which no device ever sees. */
async function writeBothWays(world: World, count: number, odd: number, shift: number): Promise<void> {
  const writes: Promise<unknown>[] = []
  for (let i = 0; i < count; i++) {
    const page = mixed(world.stage, i + shift)
    if (i % 2 === odd) {
      world.dev.writeSync(i * world.pageSize, page)
      world.expected.set(i, page)
    } else writes.push(world.write(i, page))
  }
  await world.settle(Promise.all(writes), 'the writes')
}

/** Flips a bit that a seed decides. */
const flipper =
  (random: () => number) =>
  (buffer: Uint8Array, wrote: number): void => {
    const bit = Math.floor(random() * wrote * 8)
    buffer[bit >> 3]! ^= 1 << (bit & 7)
  }

export const contentScenarios: readonly Scenario[] = [
  {
    id: 'F32',
    claim:
      'pages compressed here and there are read back and written again by the other path, and reading never needs the device',
    mutants: ['reads-need-the-device'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { streams: 128 } })
      for (const [odd, shift] of [
        [1, 0],
        [0, 0],
        [1, 8],
        [0, 9],
      ] as const) {
        await writeBothWays(world, 64, odd, shift)
        world.expectContent()
      }
      const { submitted } = world.counts
      check(submitted > 64, 'pages of all kinds to have gone to the device', submitted)
      world.device.remove('fails')
      world.expectContent()
      const [index, page] = [...world.expected][7]!
      const read = await world.settle(world.dev.read(index * world.pageSize, world.pageSize), 'a read without a device')
      check(
        read.every((byte, i) => byte === page[i]),
        'a page read back without a device',
        'other bytes',
      )
      same(world.counts.submitted, submitted, 'pages on the device after reading')
      await world.end()
    },
    chaos: { ...scarce, pages: 8, plan: sometimes(0.3, { answer: Status.fault }) },
  },
  {
    id: 'F35',
    claim: 'results of an impossible length are never used, and wrong bytes are caught wherever results are verified',
    mutants: ['no-verify', 'poc'],
    async directed(stage) {
      const { pageSize } = stage
      const lies = [0, pageSize + 1, 2 * pageSize, 0.5, Number.POSITIVE_INFINITY]
      const lying = await openWorld(stage, { device: { script: (nth) => ({ answer: lies[nth] ?? 0 }) } })
      await lying.writeWell(lies.length, 0, 1)
      same(lying.counts.invalid.length, lies.length, 'answers of an impossible length')
      lying.expect({ redone: lies.length, failed: 0 })
      await lying.end()

      const spoil = flipper(chanceOf(stage))
      const script = (nth: number): Plan => (nth % 2 ? { spoil } : {})
      const flips = await openWorld(stage, { managed: { ...plain, verify: 1 }, device: { streams: 64, script } })
      await flips.writeWell(64, 0, 1)
      flips.expectContent()
      const { verified, invalid, declined } = flips.counts
      same(verified + invalid.verify + declined, 64, 'results verified, found wrong or declined')
      check(declined === 64 || invalid.verify > 0, 'flipped bits to be found', invalid.verify)
      await flips.end()

      const stale = await openWorld(stage, {
        managed: { ...plain, verify: 1 },
        device: { script: () => ({ answer: 9 }) },
      })
      await stale.writeWell(4, 0, 1)
      stale.expect({ redone: 4, failed: 0 })
      await stale.end()

      const part = await openWorld(stage, { managed: { ...plain, verify: 0.25 }, device: { streams: 128 } })
      await part.writeWell(128, 0, 1)
      const looked = part.counts.verified
      if (part.counts.declined === 0) check(looked > 8 && looked < 64, 'a quarter of 128 results verified', looked)
      await part.end()
    },
    chaos: {
      managed: { ...scarce.managed, verify: 1 },
      device: { streams: 3 },
      plan: (random) =>
        sometimes(0.5, { spoil: flipper(random) }, { answer: 0 }, { answer: 1 }, { answer: 1e9 })(random),
      sameTotals: false,
    },
  },
  {
    id: 'F40',
    claim:
      'a page that does not compress is stored raw, a filled one as one word, a device that declines is not to blame',
    mutants: ['declined-is-an-error'],
    async directed(stage) {
      const watched = { ...plain, breaker: quickBreaker }
      const answers = [Status.declined, Status.noSpace]
      const script = (nth: number): Plan => ({ answer: answers[nth % 2] })
      const aborts = await openWorld(stage, { managed: watched, device: { streams: 32, script } })
      await aborts.writeWell(32, 0, 1)
      aborts.expect({ declined: 32, fault: 0, redone: 0 })
      same(aborts.health, 'closed', 'health')
      same(aborts.dev.stats().mm.hugePages, 32, 'pages stored raw')
      const filled = stage.page(0, 'same-filled')
      for (let i = 0; i < 8; i++)
        await aborts.settle(aborts.write(i, i % 2 ? filled : stage.page(0, 'zero')), 'a write')
      same(aborts.dev.stats().mm.samePages, 8, 'pages stored as one word')
      aborts.expect({ submitted: 32 })
      await aborts.end()

      const sizes = async (managed: typeof plain | 'none'): Promise<string> => {
        const world = await openWorld(stage, { managed, device: { streams: 64 } })
        const writes = Array.from({ length: 64 }, (_, i) => world.write(i, mixed(stage, i)))
        await world.settle(Promise.all(writes), 'pages of all kinds')
        const { comprDataSize, hugePages, samePages } = world.dev.stats().mm
        await world.end()
        return `${comprDataSize} bytes, ${hugePages} raw, ${samePages} filled`
      }
      same(await sizes(plain), await sizes('none'), 'what is stored by way of a device, as in software,')
    },
    chaos: {
      ...scarce,
      plan: sometimes(0.4, { answer: Status.declined }, { answer: Status.noSpace }),
      sameTotals: false,
    },
  },
]
