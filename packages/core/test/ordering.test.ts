/**
 * The sentence on ordering, by a model. Per page the model keeps every content that there would be if requests were carried out one after
 * the other in the order of submission; a read must see one of them, not older than what was complete when it was submitted.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assist,
  neverWait,
  seededRandom,
  type VirtualRuntime,
  virtualRuntime,
  waitUpTo,
  ZramDevice,
} from '../src/index.js'
import { type Behaviour, toy } from './support/toy.js'

const pageSize = 4096
const pages = 3
const size = pages * pageSize

type Op =
  | {
      readonly kind: 'write' | 'writeSync' | 'discard' | 'writeZeroes'
      readonly offset: number
      readonly length: number
      readonly fill: number
    }
  | { readonly kind: 'read' | 'readSync'; readonly offset: number; readonly length: number }
  | { readonly kind: 'flush' | 'turn' }
  | { readonly kind: 'wait'; readonly ms: number }

const place = fc.record({
  offset: fc.integer({ min: 0, max: size - 1 }),
  length: fc.integer({ min: 1, max: 2 * pageSize + 7 }),
})
const whole = fc.record({
  offset: fc.constantFrom(0, pageSize, 2 * pageSize),
  length: fc.constantFrom(pageSize, 2 * pageSize),
})
const range = fc.oneof(place, whole).map(({ offset, length }) => ({ offset, length: Math.min(length, size - offset) }))
const changing = fc.constantFrom('write', 'write', 'write', 'writeSync', 'discard', 'writeZeroes')
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(changing, range, fc.integer({ min: 0, max: 255 }))
      .map(([kind, at, fill]) => ({ kind, ...at, fill }) as Op),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom('read', 'readSync'), range).map(([kind, at]) => ({ kind, ...at }) as Op),
  },
  { weight: 1, arbitrary: fc.constantFrom<Op>({ kind: 'flush' }, { kind: 'turn' }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 12 }).map((ms): Op => ({ kind: 'wait', ms })) },
)

/** Not the same all over, so that the codec has work: only the marked half is the fill. */
const content = (length: number, fill: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i % 3 ? fill : i & 255))

interface Snapshot {
  readonly bytes: Uint8Array
  complete: boolean
}

class Model {
  readonly #history: Snapshot[][] = Array.from({ length: pages }, () => [
    { bytes: new Uint8Array(pageSize), complete: true },
  ])

  /** The newest content of the device. */
  get bytes(): Uint8Array {
    return Uint8Array.from(this.#history.flatMap((snapshots) => [...(snapshots.at(-1) as Snapshot).bytes]))
  }

  /** Carries a change out; the returned function says that it is complete. */
  change(offset: number, data: Uint8Array): () => void {
    const touched: Snapshot[] = []
    for (let page = Math.floor(offset / pageSize); page * pageSize < offset + data.length; page++) {
      const snapshots = this.#history[page] as Snapshot[]
      const bytes = (snapshots.at(-1) as Snapshot).bytes.slice()
      const from = Math.max(offset, page * pageSize)
      const to = Math.min(offset + data.length, (page + 1) * pageSize)
      bytes.set(data.subarray(from - offset, to - offset), from - page * pageSize)
      const snapshot = { bytes, complete: false }
      snapshots.push(snapshot)
      touched.push(snapshot)
    }
    return () => {
      for (const snapshot of touched) snapshot.complete = true
    }
  }

  /** To be asked when a read is submitted; the returned function says what is wrong with what it saw. */
  expectRead(offset: number): (seen: Uint8Array) => string | undefined {
    const oldest = this.#history.map((snapshots) => snapshots.findLastIndex(({ complete }) => complete))
    return (seen) => {
      for (let page = Math.floor(offset / pageSize); page * pageSize < offset + seen.length; page++) {
        const from = Math.max(offset, page * pageSize)
        const to = Math.min(offset + seen.length, (page + 1) * pageSize)
        const part = seen.subarray(from - offset, to - offset)
        const may = (this.#history[page] as Snapshot[]).slice(oldest[page])
        const ok = may.some(
          ({ bytes }) => Buffer.compare(bytes.subarray(from - page * pageSize, to - page * pageSize), part) === 0,
        )
        if (!ok) return `page ${page} is none of the ${may.length} contents that it may be`
      }
      return undefined
    }
  }
}

async function run(dev: ZramDevice, runtime: VirtualRuntime, ops: readonly Op[]): Promise<void> {
  const model = new Model()
  const out: Promise<unknown>[] = []
  const wrong: string[] = []
  const pieces = (offset: number, length: number): [number, number] => [
    Math.ceil(offset / pageSize) * pageSize,
    Math.floor((offset + length) / pageSize) * pageSize,
  ]
  for (const op of ops) {
    if (op.kind === 'write') {
      const data = content(op.length, op.fill)
      const complete = model.change(op.offset, data)
      out.push(dev.write(op.offset, data).then(complete))
    } else if (op.kind === 'writeSync') {
      const data = content(op.length, op.fill)
      const complete = model.change(op.offset, data)
      dev.writeSync(op.offset, data)
      complete()
    } else if (op.kind === 'discard') {
      const [first, end] = pieces(op.offset, op.length)
      const complete = end > first ? model.change(first, new Uint8Array(end - first)) : () => {}
      out.push(dev.discard(op.offset, op.length).then(complete))
    } else if (op.kind === 'writeZeroes') {
      const complete = model.change(op.offset, new Uint8Array(op.length))
      out.push(dev.writeZeroes(op.offset, op.length).then(complete))
    } else if (op.kind === 'read') {
      const judge = model.expectRead(op.offset)
      out.push(
        dev.read(op.offset, op.length).then((seen) => void wrong.push(...[judge(seen)].filter((x) => x !== undefined))),
      )
    } else if (op.kind === 'readSync') {
      wrong.push(...[model.expectRead(op.offset)(dev.readSync(op.offset, op.length))].filter((x) => x !== undefined))
    } else if (op.kind === 'flush') {
      const before = [...out]
      await runtime.settle(dev.flush())
      await runtime.settle(Promise.all(before))
    } else if (op.kind === 'wait') await runtime.advance(op.ms)
    else await runtime.step()
  }
  await runtime.settle(Promise.all(out))
  await runtime.settle(dev.flush())
  expect(wrong).toEqual([])
  expect(Buffer.compare(dev.readSync(0, size), model.bytes), 'the content at the end').toBe(0)
  expect(dev.brokenLaws()).toEqual([])
  expect(dev.stats().pages.pending).toBe(0)
  await runtime.settle(dev.close())
}

const policies = { neverWait: neverWait(), waitUpTo: waitUpTo(3), assist: assist({ wakeBacklog: 0, inFlight: 2 }) }

const behaviours: Record<string, (seed: number) => Behaviour> = {
  'answers in any order': (seed) => {
    const random = seededRandom(seed)
    return () => ({ after: Math.floor(random() * 8) })
  },
  'fails, hangs and is late': (seed) => {
    const random = seededRandom(seed)
    return () => {
      const kind = random()
      const after = Math.floor(random() * 60)
      if (kind < 0.15) return { after, answer: -5 }
      if (kind < 0.25) return { after, answer: 'throw' }
      if (kind < 0.35) return { after, answer: 'reject' }
      if (kind < 0.4) return { after, answer: 'never' }
      if (kind < 0.5) return { after, answer: -125 }
      return { after }
    }
  },
}

describe.each(Object.keys(behaviours))('per byte the last submitted write wins, on a device that %s', (name) => {
  it.each(Object.keys(policies) as (keyof typeof policies)[])('policy %s', async (policy) => {
    const property = fc.asyncProperty(
      fc.array(op, { minLength: 1, maxLength: 24 }),
      fc.integer({ min: 1, max: 1e6 }),
      async (ops, seed) => {
        const runtime = virtualRuntime(seed)
        const { ops: backend } = toy({ streams: 3, runtime, behaviour: behaviours[name]?.(seed) as Behaviour })
        const managed = { policy: policies[policy], deadlineMs: 20 }
        const dev = await ZramDevice.create({ disksize: size, backends: [backend], runtime, managed, drainMs: 200 })
        await run(dev, runtime, ops)
      },
    )
    await fc.assert(property, { numRuns: Number(process.env.ZCOMP_RUNS ?? 120), seed: 7, endOnFailure: false })
  })
})

/** Time that passes whenever somebody looks at it, so that work is cut into turns and requests queue up. */
function restless(seed: number): VirtualRuntime {
  const runtime = virtualRuntime(seed)
  let passed = 0
  const now = (): number => {
    passed += 0.2
    return runtime.now() + passed
  }
  return Object.defineProperty({ ...runtime, now }, 'pending', {
    get: () => runtime.pending,
  })
}

it.each(['a device', 'software'])('holds when requests queue up behind each other, on %s', async (which) => {
  const property = fc.asyncProperty(
    fc.array(op, { minLength: 1, maxLength: 24 }),
    fc.integer({ min: 1, max: 1e6 }),
    async (ops, seed) => {
      const runtime = restless(seed)
      const { ops: backend } = toy(
        which === 'software'
          ? {}
          : { streams: 3, runtime, behaviour: behaviours['answers in any order']?.(seed) as Behaviour },
      )
      const dev = await ZramDevice.create({
        disksize: size,
        backends: [backend],
        runtime,
        managed: { policy: assist({ wakeBacklog: 0 }) },
      })
      await run(dev, runtime, ops)
    },
  )
  await fc.assert(property, { numRuns: 120, seed: 13, endOnFailure: false })
})

it('holds in software too', async () => {
  const property = fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 24 }), async (ops) => {
    const runtime = virtualRuntime()
    const dev = await ZramDevice.create({ disksize: size, backends: [toy().ops], runtime })
    await run(dev, runtime, ops)
  })
  await fc.assert(property, { numRuns: 120, seed: 11 })
})

/** Writes within one page, some of which fail for want of memory: who fails, and what is left? */
it('leaves per byte the last submitted write that succeeded', async () => {
  const single = fc.record({
    kind: fc.constantFrom('write', 'write', 'writeSync'),
    page: fc.integer({ min: 0, max: pages - 1 }),
    from: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: pageSize - 1 })),
    length: fc.oneof(fc.constant(pageSize), fc.integer({ min: 1, max: pageSize })),
    fill: fc.integer({ min: 1, max: 255 }),
    ms: fc.integer({ min: 0, max: 6 }),
  })
  let failures = 0
  const property = fc.asyncProperty(
    fc.array(single, { minLength: 1, maxLength: 20 }),
    fc.integer({ min: 1, max: 1e6 }),
    async (writes, seed) => {
      const runtime = virtualRuntime(seed)
      const { ops } = toy({ streams: 3, runtime, behaviour: behaviours['answers in any order']?.(seed) as Behaviour })
      const dev = await ZramDevice.create({
        disksize: size,
        backends: [ops],
        runtime,
        memLimit: 2 * pageSize,
        managed: { policy: neverWait() },
      })
      const done: Promise<boolean>[] = []
      const changes: { offset: number; data: Uint8Array }[] = []
      for (const { kind, page, from, length, fill, ms } of writes) {
        const offset = page * pageSize + from
        const data = content(Math.min(length, pageSize - from), fill)
        changes.push({ offset, data })
        if (kind === 'write')
          done.push(
            dev.write(offset, data).then(
              () => true,
              () => false,
            ),
          )
        else done.push(Promise.resolve(succeeds(() => dev.writeSync(offset, data))))
        if (ms > 3) await runtime.advance(ms)
      }
      const ok = await runtime.settle(Promise.all(done))
      const expected = new Uint8Array(size)
      changes.forEach(({ offset, data }, i) => {
        if (ok[i]) expected.set(data, offset)
      })
      failures += ok.filter((good) => !good).length
      expect(Buffer.compare(dev.readSync(0, size), expected)).toBe(0)
      expect(dev.brokenLaws()).toEqual([])
      await runtime.settle(dev.close())
    },
  )
  await fc.assert(property, { numRuns: 300, seed: 17, endOnFailure: false })
  expect(failures).toBeGreaterThan(100)
})

function succeeds(run: () => void): boolean {
  try {
    run()
    return true
  } catch {
    return false
  }
}

/** Virtual time that passes whenever somebody looks at the clock: work never fits into one turn. */
function slow(): VirtualRuntime {
  const runtime = virtualRuntime(3)
  const now = (): number => {
    runtime.pass(0.6)
    return runtime.now()
  }
  return { ...runtime, now }
}

it('builds a part of a page, at once, on parts of it that are queued and share no byte with it', async () => {
  const runtime = slow()
  const dev = await ZramDevice.create({ disksize: '4M', backends: [toy().ops], runtime })
  const long = dev.write(0, content(2 << 20, 1))
  const at = 600 * pageSize
  const queued = dev.write(at, content(100, 2))
  dev.writeSync(at + 200, content(100, 3))
  const expected = new Uint8Array(pageSize)
  expected.set(content(100, 2), 0)
  expected.set(content(100, 3), 200)
  expect(Buffer.compare(dev.readSync(at, pageSize), expected)).toBe(0)
  await runtime.settle(Promise.all([long, queued]))
  expect(dev.brokenLaws()).toEqual([])
  await runtime.settle(dev.close())
})

it('ends a write in flight under a long discard only when what was there before it is gone too', async () => {
  const runtime = slow()
  const { ops } = toy({ streams: 3, runtime, behaviour: () => ({ after: 500 }) })
  const dev = await ZramDevice.create({ disksize: '64M', backends: [ops], runtime, managed: { policy: neverWait() } })
  const old = content(pageSize, 1)
  for (let page = 0; page < 5000; page++) dev.writeSync(page * pageSize, old)
  const at = 4500 * pageSize
  let written = false
  const write = dev.write(at, content(pageSize, 2)).then(() => {
    written = true
  })
  const discard = dev.discard(0, 5000 * pageSize)
  await runtime.step()
  // The discard has come up to page 4096: others have their turn.
  expect(dev.readSync(0, pageSize).every((byte) => byte === 0)).toBe(true)
  expect([written, Buffer.compare(dev.readSync(at, pageSize), old)]).not.toEqual([true, 0])
  await runtime.settle(Promise.all([write, discard]))
  expect(dev.readSync(at, pageSize).every((byte) => byte === 0)).toBe(true)
  expect(dev.brokenLaws()).toEqual([])
  await runtime.settle(dev.close())
})
