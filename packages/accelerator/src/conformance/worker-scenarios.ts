/** Scenarios of real workers: any backend that workers can build, on real threads and in real time. They bring no test runner. */
import { type Runtime, Status, ZcompError } from '@zcomp/core'
import type { AcceleratorOptions } from '../options.js'
import { check, Scene, streamsOf, take, type WorkerStage } from './scene.js'

export interface WorkerScenario {
  /** As in `docs/invariants.md`. */
  readonly id: string
  readonly title: string
  /** Rejects with the claim that does not hold. */
  run(stage: WorkerStage): Promise<void>
}

/** A scenario between the making of its scene and the end that all have. */
interface Play extends Omit<WorkerScenario, 'run'> {
  readonly options?: Partial<AcceleratorOptions>
  readonly spawn?: Runtime['spawn']
  play(scene: Scene): Promise<void>
}

const noSpawn: Runtime['spawn'] = () => {
  throw new ZcompError('EAGAIN', 'no more workers')
}

const settled = (answer: number): boolean => answer > 0 || answer === Status.noSpace || answer === Status.declined

const plays: readonly Play[] = [
  {
    id: 'F01',
    title: 'every page is served by an engine, and read back by software',
    async play(scene) {
      const setup = await scene.served()
      for (let i = 0; i < 5; i++) {
        const answers = await scene.burst([setup], 100)
        check(answers.every(settled), 'no page fails', answers)
      }
      const { counts, engines } = scene.pool.stats()
      check(counts.answered === 500 && counts.submitted === 500, 'each request has one answer', counts)
      check(engines[0]!.lost === 0, 'no wake-up is lost', engines)
    },
  },
  {
    id: 'F02',
    title: 'where no worker starts, set-up succeeds and software serves',
    options: { restarts: 0 },
    spawn: noSpawn,
    async play(scene) {
      const setup = await scene.open()
      check(typeof streamsOf(setup).getStream() === 'string', 'there is no stream')
      check(streamsOf(setup).getStream() === 'removed', 'the device is gone', scene.pool.stats())
      const ctx = setup.createCtx()
      ctx.input.set(scene.page(0))
      check(settled(ctx.compress(0, scene.pageSize)), 'software compresses')
      ctx[Symbol.dispose]()
    },
  },
  {
    id: 'F04',
    title: 'the stream after the last is refused at once',
    options: { streams: 128 },
    async play(scene) {
      const setup = await scene.served()
      const streams = streamsOf(setup)
      const held = Array.from({ length: 128 }, () => take(streams))
      check(streams.getStream() === 'exhausted', 'it is exhausted')
      for (const stream of held) streams.putStream(stream)
      check((await scene.burst([setup], 1)).every(settled), 'it serves again')
    },
  },
  {
    id: 'F16',
    title: 'a worker that ends in mid-flight: each request is answered once, with a result or a fault',
    async play(scene) {
      const setup = await scene.served()
      const answers = scene.burst([setup], 128)
      scene.crash(0)
      const got = await answers
      check(
        got.every((answer) => settled(answer) || answer === Status.fault),
        'results and faults only',
        got,
      )
      check(!settled(got[127]!), 'the last was not served', got[127])
      const { counts, health } = scene.pool.stats()
      check(counts.deaths === 1 && health === 'degraded', 'the pool says so', { counts, health })
      scene.laws()
    },
  },
  {
    id: 'F17',
    title: 'after a death the engine comes back by itself',
    async play(scene) {
      const setup = await scene.served()
      for (let i = 1; i <= 2; i++) {
        scene.crash(scene.workers.length - 1)
        for (let tries = 0; scene.workers.length === i && tries < 1000; tries++) {
          const got = streamsOf(setup).getStream()
          if (typeof got !== 'string') streamsOf(setup).putStream(got)
          await new Promise<void>((resolve) => void scene.pool.options.runtime.after(5, resolve))
        }
        await scene.ready()
        check((await scene.burst([setup], 32)).every(settled), 'it serves again')
      }
    },
  },
  {
    id: 'F24',
    title: 'a neighbour that takes all it gets leaves the others their share',
    options: { streams: 32, reserve: 4 },
    async play(scene) {
      const [greedy, modest] = [await scene.open(), await scene.open()]
      await scene.ready()
      const held = []
      for (let got = streamsOf(greedy).getStream(); typeof got !== 'string'; got = streamsOf(greedy).getStream()) {
        held.push(got)
      }
      check(held.length === 28, 'four are kept', held.length)
      check((await scene.burst([modest], 4)).every(settled), 'the other is served')
      for (const stream of held) streamsOf(greedy).putStream(stream)
    },
  },
  {
    id: 'F27',
    title: 'setups come and go in any order, and engines run only while there is one',
    async play(scene) {
      for (let i = 0; i < 2; i++) {
        const setups = [await scene.open(), await scene.open(), await scene.open()]
        await scene.ready()
        check((await scene.burst(setups, 60)).every(settled), 'all are served')
        for (let left = 3; left > 0; left--) {
          await scene.close(setups.splice((i * 7 + left) % left, 1)[0]!)
          const idle = scene.pool.stats().health === 'idle'
          check(idle === (left === 1), 'the last one ends it', { left, idle })
        }
      }
      check(scene.workers.length === 2, 'one worker for each life', scene.workers.length)
    },
  },
  {
    id: 'F28',
    title: 'a second life is like the first, also for who comes while the first one ends',
    async play(scene) {
      const first = await scene.open()
      await scene.ready()
      const closing = scene.close(first)
      const second = await scene.open()
      await closing
      await scene.ready()
      check((await scene.burst([second], 20)).every(settled), 'it serves')
    },
  },
  {
    id: 'F29',
    title: 'an ending setup answers what is out before it has ended, and lends no more',
    async play(scene) {
      const setup = await scene.served()
      const answers = scene.burst([setup], 128)
      let all = false
      void answers.then(() => {
        all = true
      })
      const closing = scene.close(setup)
      check(streamsOf(setup).getStream() === 'draining', 'it lends no more')
      await closing
      check(all, 'every request was answered before')
      const got = await answers
      check(
        got.every((answer) => settled(answer) || answer === Status.fault),
        'with a result or a fault',
        got,
      )
    },
  },
  {
    id: 'F36',
    title: 'bursts leave no wake-ups behind, and an idle engine sleeps',
    async play(scene) {
      const setup = await scene.served()
      const bursts = 10
      for (let i = 0; i < bursts; i++) await scene.burst([setup], 100)
      const after = scene.pool.stats()
      check(after.counts.answered === bursts * 100, 'all are answered', after.counts)
      await new Promise<void>((resolve) => void scene.pool.options.runtime.after(200, resolve))
      const later = scene.pool.stats()
      check(later.engines[0]!.asleep, 'it sleeps', later.engines)
      check(later.engines[0]!.lost === 0, 'none is lost', later.engines)
      check(later.counts.wakes - after.counts.wakes <= 1, 'main is left alone', [
        after.counts.wakes,
        later.counts.wakes,
      ])
    },
  },
  {
    id: 'F37',
    title: 'several engines share the work, and nothing is done twice',
    options: { engines: 3, depth: 4 },
    async play(scene) {
      const setups = [await scene.open(), await scene.open()]
      await scene.ready()
      for (let i = 0; i < 3; i++) check((await scene.burst(setups, 120)).every(settled), 'all are served')
      const { counts } = scene.pool.stats()
      check(counts.answered === 360, 'each once', counts)
      check(counts.duplicate + counts.late + counts.unknown === 0, 'and no stray answers', counts)
    },
  },
]

export const workerScenarios: readonly WorkerScenario[] = plays.map(({ id, title, options, spawn, play }) => ({
  id,
  title,
  async run(stage) {
    const scene = new Scene(stage, options, spawn)
    await play(scene)
    await scene.end()
  },
}))
