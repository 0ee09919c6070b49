/** One device behind several block devices. */
import { neverWait, quota, virtualRuntime, type ZramDeviceOptions } from '@zcomp/core'
import { check, same } from '../../check.js'
import { scriptedDevice } from '../../fakes/scripted-ops.js'
import type { ScriptedOptions } from '../../fakes/scripted-plan.js'
import { makePage } from '../../pages.js'
import { chanceOf, type Scenario } from '../scenario.js'
import { anyOrder, hanging, sometimes } from '../schedule.js'
import type { Stage } from '../stage.js'
import { joinWorld, plain, type World, type WorldOptions } from '../world.js'
import { scarce } from './common.js'

/** Several block devices on one scripted device. */
async function share(
  stage: Stage,
  device: Omit<ScriptedOptions, 'runtime'>,
  each: readonly WorldOptions[],
): Promise<World[]> {
  const runtime = virtualRuntime(stage.trial.seed)
  const shared = scriptedDevice(stage.ops, { slotBytes: stage.pageSize, ...device, runtime })
  const worlds: World[] = []
  for (const options of each) worlds.push(await joinWorld(stage, runtime, shared.ops, shared.device, options))
  return worlds
}

const atMost = (n: number): WorldOptions => ({ managed: { ...plain, policy: quota(n, neverWait()) } })

/** The largest dictionary that is fair, or another level: something that costs a device more. */
function costly({ trial }: Stage): NonNullable<ZramDeviceOptions['params']> {
  const { dict, levels } = trial.caps
  if (dict !== 'none') return { dict: makePage('text', Math.min(4096, dict.maxBytes), trial.seed) }
  return levels === 'none' ? {} : { level: levels.max }
}

/** `noisy` keeps 40 pages on their way while `quiet` writes one now and then; gives the quiet one's longest wait. */
async function disturb(noisy: World, quiet: World, rounds: number): Promise<number> {
  let longest = 0
  for (let i = 0; i < rounds; i++) {
    const noise = Array.from({ length: 40 }, (_, k) => noisy.write(k))
    const { ms, failed } = await quiet.settle(quiet.write(i), 'a write beside a noisy neighbour')
    same(failed, undefined, 'error of the write')
    longest = Math.max(longest, ms)
    await noisy.settle(Promise.all(noise), 'the noisy writes')
  }
  return longest
}

export const sharingScenarios: readonly Scenario[] = [
  {
    id: 'F24',
    claim:
      'beside a noisy neighbour that has a quota, a quiet device always finds a stream, and waits for a bounded queue',
    mutants: ['no-quota'],
    async directed(stage) {
      const [noisy, quiet] = await share(stage, { streams: 8, engines: 2, serviceMs: 2 }, [atMost(6), {}])
      const longest = await disturb(noisy!, quiet!, 12)
      quiet!.expectRefused({})
      same(quiet!.good, 12, 'pages of the quiet one that the device compressed')
      check(longest <= 8, 'a wait of at most four services of 2 ms', `${longest} ms`)
      check(noisy!.counts.refused.quota > 0, 'the noisy one to meet its quota', noisy!.counts.refused.quota)
      await quiet!.end()
      await noisy!.end()
    },
    chaos: { ...scarce, managed: { ...scarce.managed, policy: quota(2) }, device: { streams: 3, engines: 2 } },
  },
  {
    id: 'F25',
    claim:
      'a neighbour whose pages cost the device more delays others by one of its pages at most, and mixes nothing up',
    mutants: ['no-quota'],
    async directed(stage) {
      const script = (_nth: number, setup: number): object => ({ after: setup === 0 ? 9 : 1 })
      const slowOptions = { ...atMost(1), params: costly(stage) }
      const [slow, quick] = await share(stage, { streams: 8, engines: 2, script }, [slowOptions, {}])
      const longest = await disturb(slow!, quick!, 12)
      same(quick!.good, 12, 'pages of the quick one that the device compressed')
      check(longest <= 10, 'a wait of at most a slow page of 9 ms and its own of 1 ms', `${longest} ms`)
      check(slow!.good >= 12, 'the slow one to be served too', slow!.good)
      await slow!.end()
      await quick!.end()
    },
    chaos: { ...scarce, device: { streams: 3, engines: 1 }, plan: (random) => ({ after: random() < 0.3 ? 15 : 1 }) },
  },
  {
    id: 'F26',
    claim:
      'streams that nobody reserves are there for all, those beyond a quota stay free, and a neighbour has them at once',
    mutants: ['no-quota', 'reserves-for-nobody'],
    async directed(stage) {
      const [first, second] = await share(stage, { streams: 8, serviceMs: 5 }, [atMost(6), {}])
      const writes = Array.from({ length: 12 }, (_, i) => first!.write(i))
      await first!.runtime.advance(0)
      same(first!.device.free, 2, 'streams left free by a quota of 6 of 8')
      first!.expectRefused({ quota: 6 })
      await second!.writeWell(2, 0, 5)
      second!.expectRefused({})
      await first!.settle(Promise.all(writes), 'the writes of the first')
      await second!.writeWell(8, 10, 5)
      same(second!.good, 10, 'pages of the second that the device compressed, while the first is idle')
      await first!.end()
      await second!.end()
    },
    chaos: { ...scarce, managed: { ...scarce.managed, policy: quota(1) }, plan: anyOrder() },
  },
  {
    id: 'F27',
    claim: 'the first block device brings the pool up, the last takes it down, in any order and any number of times',
    mutants: ['never-closes'],
    async directed(stage) {
      const runtime = virtualRuntime(stage.trial.seed)
      const { ops, device } = scriptedDevice(stage.ops, { runtime, slotBytes: stage.pageSize })
      const random = chanceOf(stage)
      const rounds = 40
      for (let round = 0; round < rounds; round++) {
        const worlds: World[] = []
        for (let i = 0; i < 3; i++) worlds.push(await joinWorld(stage, runtime, ops, device, { pages: 4 }))
        await Promise.all(worlds.map((world, i) => world.writeWell(1, i)))
        while (worlds.length > 0) {
          const [world] = worlds.splice(Math.floor(random() * worlds.length), 1)
          await world!.end()
          same(device.users, worlds.length, 'users of the pool')
        }
        same(device.counts.lives, round + 1, 'lives of the pool')
      }
    },
    chaos: { ...scarce, plan: sometimes(0.1, hanging) },
  },
  {
    id: 'F28',
    claim: 'a pool that was taken down serves whoever comes next',
    mutants: ['never-closes'],
    async directed(stage) {
      const [first] = await share(stage, {}, [{}])
      await first!.writeWell(8)
      await first!.end()
      const second = await joinWorld(stage, first!.runtime, first!.ops, first!.device)
      same(second.device.counts.lives, 2, 'lives of the pool')
      await second.writeWell(8, 20, 1)
      same(second.good, 8, 'pages that the device compressed in its second life')
      await second.end()
      same(second.device.users, 0, 'users of the pool')
    },
    chaos: { ...scarce, plan: anyOrder() },
  },
]
