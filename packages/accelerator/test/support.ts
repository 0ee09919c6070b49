/** A pool in virtual time, and ways to drive it. */
import type { ManagedStream, ManagedStreams, ZcompSetup } from '@zcomp/core'
import { expect } from 'vitest'
import { accelerate } from '../src/accelerate.js'
import { type Accelerator, accelerator } from '../src/accelerator.js'
import type { SimulatedOptions } from '../src/conformance/script.js'
import { type SimulatedRuntime, simulatedRuntime } from '../src/conformance/simulate.js'
import type { AcceleratorOptions } from '../src/options.js'
import { checkAcceleratorLaws } from '../src/stats.js'
import { runs } from './fixtures/runs.mjs'

export const pageSize = 4096

export interface Stage {
  readonly time: SimulatedRuntime
  readonly pool: Accelerator
  open(params?: { level?: number; dict?: Uint8Array; pageSize?: number }): Promise<ZcompSetup>
  close(setup: ZcompSetup): Promise<void>
  ready(): Promise<boolean>
}

export function stage(
  options: Partial<AcceleratorOptions> = {},
  simulated: Partial<SimulatedOptions> = {},
  seed = 1,
): Stage {
  const time = simulatedRuntime({ load: () => runs(), ...simulated }, seed)
  const pool = accelerator({ ...options, runtime: time })
  const ops = accelerate(runs(), { accelerator: pool })
  return {
    time,
    pool,
    async open(params = {}) {
      const setup = await ops.setupParams({ pageSize, ...params })
      if ('refused' in setup) throw new Error(setup.why)
      return setup
    },
    close: (setup) => time.settle(setup[Symbol.asyncDispose]()),
    ready: () => time.settle(pool.ready()),
  }
}

export const streamsOf = (setup: ZcompSetup): ManagedStreams => {
  if (setup.managed === 'none') throw new Error('not managed')
  return setup.managed
}

/** What a page of `page` comes to. */
export const pageLength = 38

/** A page that compresses, and differs from those of other numbers. */
export function page(nth: number, size = pageSize): Uint8Array {
  return new Uint8Array(size).fill(nth & 127, 0, size / 2).fill(128 | (nth >> 7), size / 2)
}

export function take(streams: ManagedStreams): ManagedStream {
  const got = streams.getStream()
  if (typeof got === 'string') throw new Error(`no stream: ${got}`)
  return got
}

/** Sends one page without a promise; every answer that is given to it lands in `answers`. */
export function sendByCall(
  setup: ZcompSetup,
  nth: number,
): { readonly stream: ManagedStream; readonly answers: number[] } {
  const stream = take(streamsOf(setup))
  const answers: number[] = []
  stream.src.set(page(nth))
  stream.submit!(pageSize, nth, (ticket, answer) => answers.push(ticket === nth ? answer : Number.NaN))
  return { stream, answers }
}

/** Sends one page, gives the stream back, and answers with what came. */
export async function send(setup: ZcompSetup, nth: number): Promise<number> {
  const streams = streamsOf(setup)
  const stream = take(streams)
  stream.src.set(page(nth))
  const answer = stream.compress(pageSize)
  const wrote = await answer
  if (wrote > 0) expectPage(setup, stream.buffer.subarray(0, wrote), page(nth))
  streams.putStream(stream)
  return wrote
}

export function expectPage(setup: ZcompSetup, compressed: Uint8Array, wanted: Uint8Array): void {
  const ctx = setup.createCtx()
  const back = new Uint8Array(wanted.length)
  expect(ctx.decompress(compressed, back)).toBe(wanted.length)
  expect(Buffer.compare(back, wanted)).toBe(0)
  ctx[Symbol.dispose]()
}

export function expectLaws(pool: Accelerator): void {
  expect(checkAcceleratorLaws(pool.stats())).toEqual([])
}
