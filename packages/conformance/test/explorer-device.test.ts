/** Every order of submissions, answers, faults, deadlines and the end, on core's own device. docs/explorer.md says more. */
import { checkManagedLaws, neverWait, virtualRuntime, ZramDevice } from '@zcomp/core'
import { describe, expect, test } from 'vitest'
import { type Choose, exploreRuns, traceText } from '../src/explorer/index.js'
import { reference } from '../src/reference.js'
import { HandDevice } from './explorer/hand-device.js'

const pageSize = 4096
const diskBytes = 4 * pageSize
const deadlineMs = 10
const ops = reference({ bare: true })

type Write = { readonly at: number; readonly length: number; readonly sync?: boolean }

interface Scene {
  /** In order of submission. The n-th writes bytes of value n + 1, in a pattern that compresses. */
  readonly writes: readonly Write[]
  readonly slots: number
  /** Answers that may be faults, and times that the deadline may pass. */
  readonly faults: number
  readonly late: number
  /** The device may be closed at any moment after the first write. */
  readonly closes: boolean
  readonly lie?: HandDevice['lie']
  /** The device answers by call. */
  readonly calls?: boolean
}

const bytes = (nth: number, length: number): Uint8Array =>
  new Uint8Array(length).map((_, i) => (i % 16 < 12 ? nth + 1 : i))

async function play(scene: Scene, choose: Choose): Promise<void> {
  const { writes, slots, faults, late, closes, lie = 'none', calls = false } = scene
  const runtime = virtualRuntime(1)
  const device = new HandDevice(slots, pageSize, calls)
  device.lie = lie
  const managed = { policy: neverWait(), deadlineMs, breaker: 'none' } as const
  const zram = await ZramDevice.create({
    backends: [device.before(ops)],
    runtime,
    pageSize,
    disksize: diskBytes,
    managed,
  })
  const settled = writes.map(() => 0)
  const expected = new Uint8Array(diskBytes)
  let next = 0
  let closed: Promise<void> | undefined
  let ended = false
  const left = { faults, late }
  for (;;) {
    await runtime.advance(0)
    const ways = device.pending.flatMap(({ nth }) => [`result ${nth}`, ...(left.faults > 0 ? [`fault ${nth}`] : [])])
    if (next < writes.length && !closed) ways.push('write')
    if (left.late > 0 && device.pending.length > 0) ways.push('deadline')
    if (closes && next > 0 && !closed) ways.push('close')
    if (ways.length === 0) break
    const [what, nth] = choose(ways).split(' ')
    if (what === 'write') {
      const mine = next++
      const { at, length, sync } = writes[mine]!
      const data = bytes(mine, length)
      expected.set(data, at)
      if (sync) zram.writeSync(at, data)
      else void zram.write(at, data).then(() => settled[mine]!++)
      if (sync) settled[mine]!++
    } else if (what === 'deadline') {
      left.late--
      await runtime.advance(deadlineMs + 2)
    } else if (what === 'close') {
      closed = zram.close().then(() => {
        ended = true
      })
    } else {
      if (what === 'fault') left.faults--
      device.answer(Number(nth), what as 'result' | 'fault')
    }
  }
  await runtime.advance(deadlineMs + 2)
  if (closed) {
    await runtime.advance(60_000)
    if (!ended) throw new Error('close does not end')
  } else {
    const content = zram.readSync(0, diskBytes)
    if (!content.every((byte, at) => byte === expected[at])) throw new Error('content is not that of the last write')
  }
  await judge(zram, device, settled.slice(0, next), closed !== undefined)
}

async function judge(zram: ZramDevice, device: HandDevice, settled: readonly number[], closed: boolean): Promise<void> {
  if (settled.some((times) => times !== 1)) throw new Error('a write that did not end once')
  if (device.broken.length > 0) throw new Error(device.broken.join('; '))
  if (closed) return
  const { managed } = zram.stats()
  if (managed === 'none') throw new Error('not managed')
  const broken = [...zram.brokenLaws(), ...checkManagedLaws(managed, 0, 0, 0)]
  if (broken.length > 0) throw new Error(broken.join('; '))
  if (!device.allHome) throw new Error('a stream did not come back')
  await zram.close()
}

const page = (index: number): Write => ({ at: index * pageSize, length: pageSize })
const none = { faults: 0, late: 0, closes: false }

const scenes: readonly (readonly [string, Scene])[] = [
  ['F33: three writes of one page', { ...none, writes: [page(0), page(0), page(0)], slots: 3, faults: 1 }],
  ['F10: answers after the deadline', { ...none, writes: [page(0), page(1), page(0)], slots: 2, late: 1, faults: 1 }],
  [
    'F12: more writes than streams',
    { ...none, writes: [page(0), page(1), page(2), page(0)], slots: 1, faults: 1, late: 1 },
  ],
  [
    'F41, F42: parts of one page, one of them synchronously',
    {
      ...none,
      writes: [
        { at: 0, length: 3000 },
        { at: 2000, length: 2096 },
        { at: 1000, length: 1500, sync: true },
        { at: 2400, length: 800 },
      ],
      slots: 3,
      late: 1,
    },
  ],
  [
    'the end at any moment',
    { ...none, writes: [page(0), page(1), page(0)], slots: 2, faults: 1, late: 1, closes: true },
  ],
]

describe("core's device", () => {
  test.each(
    scenes.flatMap(([title, scene]) => [
      [title, scene] as const,
      [`${title}, by call`, { ...scene, calls: true }] as const,
    ]),
  )(
    'keeps every promise in every order: %s',
    async (title, scene) => {
      const done = await exploreRuns((choose) => play(scene, choose), { maxRuns: 50_000 })
      console.log(`${title}: ${done.runs} runs, ${done.choices} choices, at most ${done.depth} in a run`)
      for (const finding of done.findings) console.log(traceText(finding))
      expect(done.findings).toEqual([])
      expect(done.complete).toBe(true)
      expect(done.runs).toBeGreaterThan(20)
    },
    120_000,
  )

  test('is seen to keep the wrong content where a device gives results of another page', async () => {
    const done = await exploreRuns((choose) =>
      play({ ...none, writes: [page(0), page(1)], slots: 2, lie: 'stale' }, choose),
    )
    expect(done.findings.map(({ kind }) => kind)).toContain('content is not that of the last write')
  })

  test.each([false, true])('does not use a stream twice that a device lends twice (calls: %s)', async (calls) => {
    const scene: Scene = { ...none, writes: [page(0), page(1)], slots: 1, lie: 'lends twice', calls }
    const done = await exploreRuns((choose) => play(scene, choose))
    const kinds = done.findings.map(({ kind }) => kind)
    expect(kinds).not.toContain('content is not that of the last write')
    expect(kinds).not.toContain('a write that did not end once')
  })
})
