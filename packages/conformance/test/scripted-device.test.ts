import { type ManagedStream, type ManagedStreams, Status, virtualRuntime, type ZcompSetup } from '@zcomp/core'
import { expect, it } from 'vitest'
import { type Plan, scriptedDevice } from '../src/fakes/index.js'
import { makePage } from '../src/index.js'
import { quick } from './quick.js'

const pageSize = 4096

async function open(script: (nth: number) => Plan = () => ({}), engines = 2) {
  const runtime = virtualRuntime()
  const { ops, device } = scriptedDevice(quick(), { runtime, streams: 4, engines, slotBytes: pageSize, script })
  const setup = (await ops.setupParams({ pageSize })) as ZcompSetup
  const streams = setup.managed as ManagedStreams
  const get = (): ManagedStream => {
    const stream = streams.getStream() as ManagedStream
    stream.src.set(makePage('text', pageSize))
    return stream
  }
  return { runtime, device, setup, streams, get }
}

it('compresses with the software behind it, so many at a time, after a commit', async () => {
  const { runtime, device, setup, streams, get } = await open()
  const lent = [get(), get(), get()]
  const ended: number[] = []
  for (const stream of lent) void stream.compress(pageSize).then(() => ended.push(runtime.now()))
  await runtime.advance(10)
  expect(ended).toEqual([])
  streams.commit()
  await runtime.advance(10)
  expect(ended).toEqual([11, 11, 12])
  const back = new Uint8Array(pageSize)
  expect(setup.createCtx().decompress(lent[0]!.buffer.subarray(0, 3585), back)).toBe(pageSize)
  expect(back).toEqual(makePage('text', pageSize))
  for (const stream of lent) streams.putStream(stream)
  expect(device.free).toBe(4)
  expect(device.broken).toEqual([])
})

it('notes what the contract forbids', async () => {
  const { runtime, device, setup, streams, get } = await open()
  const stream = get()
  void stream.compress(pageSize)
  void stream.compress(pageSize)
  streams.commit()
  stream.src.fill(1)
  streams.putStream(stream)
  streams.putStream(stream)
  await runtime.advance(5)
  await setup[Symbol.asyncDispose]()
  streams.commit()
  expect(device.broken).toEqual([
    'compress on a stream with a request in flight',
    'put of a stream with a request in flight',
    'put of a stream that is not out',
    'request 0: src was changed while the device had it',
    'request 1: src was changed while the device had it',
    'commit after the setup has ended',
  ])
})

it('answers everything when it is reset, and when its setup ends', async () => {
  const { device, setup, streams, get } = await open(() => ({ how: 'never' }))
  const first = get().compress(pageSize)
  streams.commit()
  device.reset('loses')
  expect(await first).toBe(Status.fault)
  const second = get().compress(pageSize)
  device.remove('hangs')
  expect(streams.getStream()).toBe('removed')
  await setup[Symbol.asyncDispose]()
  expect(await second).toBe(Status.fault)
  expect(device).toMatchObject({ users: 0, inFlight: 0 })
})

it('begins and answers nothing while it is paused', async () => {
  const { runtime, device, streams, get } = await open()
  const answer = get().compress(pageSize)
  streams.commit()
  device.pause()
  await runtime.advance(100)
  expect(device.inFlight).toBe(1)
  device.resume()
  expect(await answer).toBe(3585)
})
