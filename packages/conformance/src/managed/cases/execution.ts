/** From submission to answer: what a device says, and what core makes of it. */
import { assist, Status, Zcomp } from '@zcomp/core'
import { check, same } from '../../check.js'
import type { Plan } from '../../fakes/scripted-plan.js'
import { rigged } from '../rigged.js'
import type { Scenario } from '../scenario.js'
import { anyOrder, faulty, sometimes } from '../schedule.js'
import { deadlineMs, openWorld, plain } from '../world.js'
import { scarce } from './common.js'

export const executionScenarios: readonly Scenario[] = [
  {
    id: 'F01',
    claim: 'a device in good health compresses every page once, and software none',
    mutants: ['loses-an-answer', 'compresses-itself'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { streams: 128 } })
      for (let round = 0; round < 8; round++) await world.writeWell(125, 0, 1)
      world.expect({ asked: 1000, got: 1000, put: 1000, submitted: 1000, redone: 0, failed: 0, late: 0 })
      same(world.good, 1000, 'pages that the device compressed')
      same(world.device.counts.requests, 1000, 'requests on the device')
      same(world.device.counts.answers, 1000, 'answers of the device')
      same(world.dev.stats().software.compressed, 0, 'pages compressed in software')
      await world.end()
    },
    chaos: {
      managed: { ...scarce.managed, policy: assist({ wakeBacklog: 0, inFlight: 2 }) },
      device: { streams: 4 },
      plan: anyOrder(),
    },
  },
  {
    id: 'F06',
    claim: 'a device that lends streams and then has no room for their requests fails no write',
    mutants: ['poc'],
    async directed(stage) {
      const script = (nth: number): Plan => (nth < 128 ? { after: 5 } : { how: 'throw' })
      const world = await openWorld(stage, { device: { streams: 200, script } })
      await world.writeWell(200, 0, 5)
      world.expect({ submitted: 200, fault: 72, redone: 72, failed: 0 })
      same(world.good, 128, 'pages that the device compressed')
      await world.end()
    },
    chaos: { ...scarce, plan: sometimes(0.4, { how: 'throw' }) },
  },
  {
    id: 'F07',
    claim: 'a page on which the device fails is redone in software; its neighbours are not, and no write fails',
    mutants: ['poc', 'strict'],
    async directed(stage) {
      const ways: readonly Plan[] = [faulty, { how: 'reject' }, { how: 'throw' }]
      for (const way of ways) {
        const world = await openWorld(stage, { device: { script: (nth) => (nth === 1 ? way : {}) } })
        await world.writeWell(4, 0, 1)
        world.expect({ submitted: 4, fault: 1, redone: 1, failed: 0 })
        same(world.good, 3, 'pages that the device compressed')
        await world.end()
      }
    },
    chaos: { ...scarce, plan: sometimes(0.4, faulty, { how: 'reject' }, { how: 'throw' }) },
  },
  {
    id: 'F08',
    claim: 'an answer that comes shortly before the deadline is used, also after a turn that was blocked past it',
    mutants: ['impatient'],
    async directed(stage) {
      const world = await openWorld(stage, { device: { script: () => ({ after: 0.9 * deadlineMs }) } })
      await world.writeWell(4)
      world.expect({ deadline: 0, redone: 0 })
      same(world.good, 4, 'pages that the device compressed')
      const blocked = world.write(4)
      world.runtime.pass(3 * deadlineMs)
      await world.settle(blocked, 'a write in a blocked turn')
      world.expect({ deadline: 0, redone: 0 }, 'after a blocked turn')
      await world.end()
    },
    chaos: { ...scarce, plan: (random) => ({ after: 12 + Math.floor(8 * random()) }) },
  },
  {
    id: 'F11',
    claim: 'a status that nobody knows is a failure: counted apart, and redone in software',
    mutants: ['poc', 'believes-any-status'],
    async directed(stage) {
      const answers = [-7, Status.corrupt, Number.NaN, 'yes', undefined]
      const script = (nth: number): Plan => ({ answer: nth in answers ? (answers[nth] ?? Number.NaN) : Status.fault })
      const world = await openWorld(stage, { device: { script } })
      await world.writeWell(answers.length, 0, 1)
      same(world.counts.invalid.status, answers.length, 'answers with an unknown status')
      world.expect({ fault: 0, redone: answers.length, failed: 0 })
      await world.end()
    },
    chaos: { ...scarce, plan: sometimes(0.4, { answer: -1 }, { answer: Number.NaN }, { answer: -74 }) },
  },
  {
    id: 'F14',
    claim: 'an answer that comes twice is taken once, and an answer without a promise is one too',
    mutants: ['puts-twice'],
    async directed(stage) {
      for (const how of ['twice', 'bare'] as const) {
        const world = await openWorld(stage, { device: { script: (nth) => (nth % 2 ? {} : { how }) } })
        await world.writeWell(8, 0, 1)
        world.expect({ submitted: 8, redone: 0, late: 0 })
        same(world.good, 8, `pages that the device compressed, answering ${how}`)
        await world.end()
      }
    },
    chaos: { ...scarce, plan: sometimes(0.5, { how: 'twice' }, { how: 'bare' }) },
  },
  {
    id: 'F45',
    claim: 'nobody has to call commit, and one too many, or for nothing, harms nobody',
    mutants: ['needs-a-commit'],
    async directed(stage) {
      const world = await openWorld(stage, {})
      const { pageSize, runtime, device } = world
      const ops = rigged(world.ops, stage.trial.rig, runtime)
      const zcomp = await Zcomp.create(ops, { pageSize }, { managed: plain, runtime })
      const out = new Uint8Array(2 * pageSize)
      const write = async (commits: number): Promise<void> => {
        const wrote = zcomp.compressPage(world.page(0), out)
        for (let i = 0; i < commits; i++) zcomp.commit()
        const answer = await world.settle(wrote, `a page with ${commits} commits`)
        check(answer > 0 || answer === Status.declined, 'a length or declined', answer)
      }
      zcomp.commit()
      same(device.counts.commits, 0, 'commits that reach a device with nothing to do')
      for (const commits of [0, 1, 2]) await write(commits)
      same(runtime.now(), 3, 'milliseconds for three pages of one each')
      zcomp.commit()
      await world.settle(zcomp.close(), 'close')
      await world.end()
    },
    chaos: { ...scarce, plan: anyOrder() },
  },
]
