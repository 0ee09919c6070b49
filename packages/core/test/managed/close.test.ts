/** The end of a block device over a device that hangs or is slow: how long it may take, with requests out and others in line. */
import { expect, it } from 'vitest'
import {
  isZcompError,
  type ManagedOptions,
  neverWait,
  strict,
  type VirtualRuntime,
  virtualRuntime,
  waitUpTo,
  ZramDevice,
} from '../../src/index.js'
import { behind, FakeDevice, type Plan } from './fake-device.js'
import { describeBoth, pageSize, randomPage } from './world.js'

const hanging: Plan = { how: 'never' }
const drainMs = 300

interface Options {
  readonly managed: ManagedOptions
  readonly plan?: Plan
  readonly streams?: number
  /** The setup does not end either. */
  readonly endless?: boolean
}

interface Site {
  readonly runtime: VirtualRuntime
  readonly device: FakeDevice
  readonly dev: ZramDevice
}

async function open({ managed, plan = hanging, streams = 4, endless = false }: Options): Promise<Site> {
  const runtime = virtualRuntime(5)
  const device = new FakeDevice(runtime, { streams, script: () => plan })
  const ops = behind(device, pageSize, endless ? new Promise(() => {}) : undefined)
  const dev = await ZramDevice.create({ backends: [ops], disksize: '4M', runtime, managed, drainMs })
  return { runtime, device, dev }
}

/** Submits writes of a page each, closes in the same turn, and says how long that took and how the writes ended. */
async function closeOver(options: Options, count: number): Promise<{ ms: number; ends: string[]; device: FakeDevice }> {
  const { runtime, device, dev } = await open(options)
  const writes = Array.from({ length: count }, (_, i) =>
    dev.write(i * pageSize, randomPage(i)).then(
      () => 'ok',
      (error: unknown) => (isZcompError(error) ? error.code : String(error)),
    ),
  )
  await runtime.settle(dev.close())
  const ms = runtime.now()
  const ends = await runtime.settle(Promise.all(writes))
  await runtime.advance(10 * drainMs)
  expect(device.broken).toEqual([])
  expect(runtime.pending).toBe(0)
  return { ms, ends, device }
}

const many = 40
const all = (end: string, count = many): string[] => new Array<string>(count).fill(end)
const breaker = 'none' as const

describeBoth('F31 a block device whose hardware hangs', () => {
  it("closes after drainMs where nothing has a deadline (compat: 'poc'): what is out fails, nothing is redone", async () => {
    const { ms, ends, device } = await closeOver({ managed: { compat: 'poc' } }, many)
    expect(ms).toBe(drainMs)
    expect(ends).toEqual([...all('EIO', 4), ...all('ok', many - 4)])
    expect(device.free).toBe(device.streams)
  })

  it('closes at the deadline where that comes first, however many requests are in line', async () => {
    const { ms, ends } = await closeOver({ managed: { policy: neverWait(), deadlineMs: 100, breaker } }, many)
    expect(ms).toBeLessThanOrEqual(101)
    expect(ends).toEqual(all('ok'))
  })

  it('closes after drainMs where each request in line would wait for a stream', async () => {
    const managed = { policy: waitUpTo(90), deadlineMs: 100, breaker }
    const { ms, ends } = await closeOver({ managed }, many)
    expect(ms).toBe(drainMs)
    expect(ends).toEqual(all('ok'))
  })

  it('closes after drainMs where the deadline is far', async () => {
    const managed = { policy: waitUpTo(10_000), deadlineMs: 10_000, breaker }
    const { ms, ends } = await closeOver({ managed }, many)
    expect(ms).toBe(drainMs)
    expect(ends).toEqual(all('ok'))
  })

  it('closes after drainMs where software may not help, with an error for each that is left', async () => {
    const { ms, ends } = await closeOver({ managed: { policy: strict(), deadlineMs: 1000, breaker } }, many)
    expect(ms).toBe(drainMs)
    expect(ends).toEqual(all('EIO'))
  })

  it('closes after twice drainMs where its setup does not end either, at the latest', async () => {
    const { ms } = await closeOver({ managed: { compat: 'poc' }, endless: true }, many)
    expect(ms).toBe(2 * drainMs)
  })
})

describeBoth('F29 a block device whose hardware is slow', () => {
  it('goes on using it while it closes: what was accepted is served in its turn', async () => {
    const managed = { policy: strict(), deadlineMs: 1000, breaker }
    const { ms, ends, device } = await closeOver({ managed, plan: { after: 10 }, streams: 2 }, many)
    expect(ms).toBe((many / 2) * 10)
    expect(ends).toEqual(all('ok'))
    expect(device.requests).toBe(many)
  })

  it('waits for it no longer than drainMs, by which software takes what is in line', async () => {
    const managed = { policy: waitUpTo(90), deadlineMs: 100, breaker }
    const { ms, ends, device } = await closeOver({ managed, plan: { after: 50 }, streams: 1 }, many)
    expect(ms).toBeLessThanOrEqual(drainMs)
    expect(ends).toEqual(all('ok'))
    expect(device.requests).toBeLessThan(8)
  })
})
