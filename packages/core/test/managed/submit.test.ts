/** Streams that answer by a call, where a promise would have kept order by itself. */
import { describe, expect, it } from 'vitest'
import {
  type Answered,
  ManagedDesk,
  type ManagedStream,
  type ManagedStreams,
  neverWait,
  readManaged,
  virtualRuntime,
} from '../../src/index.js'
import { toyCompress } from '../support/toy.js'

const pageSize = 4096

/** One stream, and every call that its device might ever make. */
class OneStream implements ManagedStreams, ManagedStream {
  readonly streams = 1
  readonly src = new Uint8Array(pageSize)
  readonly buffer = new Uint8Array(2 * pageSize)
  readonly calls: ((answer: number) => void)[] = []
  puts = 0
  onSubmit: (answer: (answer: number) => void) => void = () => {}

  getStream(): ManagedStream {
    return this
  }

  putStream(): void {
    this.puts++
  }

  commit(): void {}

  compress(): Promise<number> {
    throw new Error('core prefers submit')
  }

  submit(_length: number, ticket: number, answered: Answered): void {
    const answer = (wrote: number): void => answered(ticket, wrote)
    this.calls.push(answer)
    this.onSubmit(answer)
  }
}

function world(): { device: OneStream; desk: ManagedDesk; write(): { wrote: number | undefined } } {
  const runtime = virtualRuntime(1)
  const device = new OneStream()
  const redo = (src: Uint8Array, length: number, out: Uint8Array): number => toyCompress(src.subarray(0, length), out)
  const site = { pageSize, runtime, redo, verify: () => true, drainMs: 100 }
  const desk = new ManagedDesk(device, site, readManaged({ policy: neverWait(), breaker: 'none', deadlineMs: 50 }))
  const write = (): { wrote: number | undefined } => {
    const loan = desk.lend(0, 0)
    if (typeof loan === 'string') throw new Error(loan)
    const seen: { wrote: number | undefined } = { wrote: undefined }
    const answered = (wrote: number): void => {
      seen.wrote = wrote
      loan.release()
    }
    loan.send(pageSize, { answered, takenBack() {} })
    return seen
  }
  return { device, desk, write }
}

describe('an answer by call', () => {
  it('is heard at once, and its stream goes back in the same call', () => {
    const { device, desk, write } = world()
    const page = write()
    expect(page.wrote).toBeUndefined()
    device.calls[0]?.(100)
    expect(page.wrote).toBe(100)
    expect(device.puts).toBe(1)
    expect(desk.counts).toMatchObject({ compressed: 1, broken: 0, put: 1 })
  })

  it('given twice is heard once', () => {
    const { device, desk, write } = world()
    const page = write()
    device.calls[0]?.(100)
    device.calls[0]?.(1)
    expect(page.wrote).toBe(100)
    expect(device.puts).toBe(1)
    expect(desk.counts).toMatchObject({ compressed: 1, broken: 1 })
  })

  it('to an earlier request never reaches the next one on the same stream', () => {
    const { device, desk, write } = world()
    write()
    device.calls[0]?.(100)
    const next = write()
    device.calls[0]?.(1)
    expect(next.wrote).toBeUndefined()
    device.calls[1]?.(200)
    expect(next.wrote).toBe(200)
    expect(desk.counts).toMatchObject({ compressed: 2, broken: 1, got: 2, put: 2 })
  })

  it('to a request that was released comes late and gives the stream back, once', () => {
    const { device, desk } = world()
    const loan = desk.lend(0, 0)
    if (typeof loan === 'string') throw new Error(loan)
    loan.send(pageSize, { answered: () => expect.unreachable('nobody waits'), takenBack() {} })
    loan.release()
    expect(device.puts).toBe(0)
    device.calls[0]?.(100)
    device.calls[0]?.(100)
    expect(device.puts).toBe(1)
    expect(desk.counts).toMatchObject({ abandoned: 1, late: 1, broken: 1 })
  })

  it('from within submit is heard after it', async () => {
    const { device, desk, write } = world()
    device.onSubmit = (answer) => {
      answer(100)
      answer(1)
    }
    const page = write()
    expect(page.wrote).toBeUndefined()
    await null
    expect(page.wrote).toBe(100)
    await null
    expect(desk.counts).toMatchObject({ compressed: 1, broken: 1, put: 1 })
  })

  it('of a device that throws is a fault, whatever it says besides', async () => {
    const { device, desk, write } = world()
    device.onSubmit = () => {
      throw new Error('no room')
    }
    const page = write()
    await null
    expect(page.wrote).toBeGreaterThan(0)
    device.calls[0]?.(7)
    expect(desk.counts).toMatchObject({ fault: 1, redone: 1, compressed: 0, broken: 1, put: 1 })
  })
})
