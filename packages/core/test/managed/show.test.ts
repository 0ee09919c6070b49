/** Options, laws and what a desk shows of itself. */
import { describe, expect, it } from 'vitest'
import {
  checkLaws,
  checkManagedLaws,
  hwStatFields,
  isZcompError,
  type ManagedOptions,
  neverWait,
  readManaged,
  Status,
  verifier,
} from '../../src/index.js'
import { World } from './world.js'

const plain = { policy: neverWait(), deadlineMs: 100 }

describe('options', () => {
  const wrong: [ManagedOptions, RegExp][] = [
    [{ deadlineMs: 0 }, /managed\.deadlineMs: expected milliseconds from 1 to 2147483647, not 0/],
    [{ deadlineMs: Number.NaN }, /managed\.deadlineMs: .*not NaN/],
    [{ deadlineMs: '5' as unknown as number }, /managed\.deadlineMs: .*not "5"/],
    [{ verify: 1.5 }, /managed\.verify: expected a number from 0 to 1, not 1\.5/],
    [{ trace: -1 }, /managed\.trace: expected a whole number from 0/],
    [
      { policy: {} as ReturnType<typeof neverWait> },
      /managed\.policy: expected a policy, such as neverWait\(\), not an object/,
    ],
    [{ policy: neverWait as unknown as ReturnType<typeof neverWait> }, /managed\.policy/],
    [{ compat: 'rfc' as 'poc' }, /managed\.compat: expected 'none' or 'poc', not "rfc"/],
    [{ compat: 'poc', deadlineMs: 5 }, /managed\.deadlineMs: expected left out with compat: 'poc'/],
    [{ compat: 'poc', breaker: 'none' }, /managed\.breaker: expected left out/],
    [{ breaker: { errors: 65 } }, /managed\.breaker\.errors: expected a whole number from 1 to 64, not 65/],
    [{ breaker: { among: 0 } }, /managed\.breaker\.among/],
    [{ breaker: { goodProbes: 0.5 } }, /managed\.breaker\.goodProbes/],
    [{ breaker: { backoffMs: -1 } }, /managed\.breaker\.backoffMs/],
    [
      { breaker: { mostBackoffMs: 10 } },
      /managed\.breaker\.mostBackoffMs: expected milliseconds from backoffMs \(100\)/,
    ],
    [{ breaker: { jitter: 2 } }, /managed\.breaker\.jitter/],
    [{ breaker: { erors: 2 } as object }, /managed\.breaker\.erors: no such option; there are: errors, among/],
    [{ polcy: neverWait() } as object, /managed\.polcy: no such option; there are: policy, deadlineMs/],
    [null as unknown as ManagedOptions, /managed: expected an object of options, or 'none', not null/],
  ]

  it.each(wrong)('%j is refused by name', (options, message) => {
    let caught: unknown
    try {
      readManaged(options)
    } catch (error) {
      caught = error
    }
    expect(isZcompError(caught) && caught.code).toBe('EINVAL')
    expect(String(caught)).toMatch(message)
  })

  it('what is left out, or undefined, is the default', () => {
    const defaults = readManaged()
    expect(defaults).toMatchObject({ deadlineMs: 1000, verify: 0, compat: 'none', trace: 0, breaker: { errors: 8 } })
    expect(readManaged({ verify: undefined, breaker: { errors: undefined } } as object)).toEqual(defaults)
    expect(readManaged({ compat: 'poc' })).toMatchObject({
      deadlineMs: Number.POSITIVE_INFINITY,
      breaker: 'none',
      verify: 0,
    })
  })
})

describe('what a desk shows', () => {
  async function used(): Promise<World> {
    const world = new World({
      streams: 2,
      managed: { ...plain, trace: 4 },
      script: (nth) => [{ after: 5 }, { answer: Status.fault }, { how: 'never' } as const][nth] ?? {},
    })
    await world.writeAll(3)
    await world.writeAll(1)
    return world
  }

  it('stats are plain data that stand still', async () => {
    const world = await used()
    const stats = world.desk.stats()
    expect(stats).toMatchObject({
      policy: 'never-wait',
      compat: 'none',
      health: 'open',
      streams: 2,
      inFlight: 0,
      held: 0,
      quarantined: 1,
    })
    expect(stats.managedUs).toBe(5000)
    expect(structuredClone(stats)).toEqual(stats)
    world.desk.refuse('sync')
    expect(stats.counts.refused.sync).toBe(0)
    world.expectLawful(1)
  })

  it('hw_stat is one line of numbers, a field for each name', async () => {
    const world = await used()
    const line = world.desk.hwStat()
    expect(line).toMatch(/^( *\d+)+\n$/)
    const values = Object.fromEntries(
      line
        .trim()
        .split(/ +/)
        .map((text, i) => [hwStatFields[i], Number(text)]),
    )
    expect(values).toEqual({
      hw_health: 2,
      hw_streams: 2,
      hw_inuse: 0,
      hw_quarantined: 1,
      hw_submitted: 3,
      hw_compressed: 1,
      hw_huge: 0,
      hw_failed_writes: 1,
      hw_timeouts: 1,
      hw_late: 0,
      hw_sw_redone: 2,
      hw_sw_failed: 0,
      hw_busy: 1,
      hw_assist: 0,
      hw_sw: 0,
      hw_opened: 1,
      hw_removed: 0,
    })
    expect(line.length).toBe(9 * hwStatFields.length)
  })

  it('the trace has the last pages, oldest first, and nothing unless asked for', async () => {
    const world = await used()
    expect(world.desk.trace()).toEqual([
      { page: -1, via: 'software', reason: 'exhausted', us: 0 },
      { page: -1, via: 'software', reason: 'fault', us: 0 },
      { page: -1, via: 'managed', reason: 'compressed', us: 5000 },
      { page: -1, via: 'software', reason: 'deadline', us: 101_000 },
    ])
    world.desk.getStream(0, 77)
    expect(world.desk.trace().at(-1)).toEqual({ page: 77, via: 'software', reason: 'open', us: 0 })
    expect(world.desk.trace()).toHaveLength(4)
    const silent = new World({ managed: plain })
    await silent.writeAll(1)
    expect(silent.desk.trace()).toEqual([])
  })
})

describe('laws', () => {
  it('each number that is off breaks one', async () => {
    const world = new World({ managed: plain })
    await world.writeAll(3)
    const good = world.desk.stats().counts
    expect(checkManagedLaws(good, 0, 0, 0)).toEqual([])
    for (const name of [
      'asked',
      'got',
      'put',
      'stranded',
      'submitted',
      'compressed',
      'declined',
      'fault',
      'deadline',
      'forced',
      'abandoned',
      'late',
      'redone',
      'failed',
      'waits',
    ] as const) {
      expect(checkManagedLaws({ ...good, [name]: good[name] + 1 }, 0, 0, 0), name).not.toEqual([])
    }
    expect(checkManagedLaws({ ...good, verified: 4 }, 0, 0, 0)).toEqual(['verify: 4 <= 3 does not hold'])
    expect(checkManagedLaws({ ...good, broken: -1 }, 0, 0, 0)).toEqual(['whole: broken is -1'])
    expect(checkManagedLaws({ ...good, breaker: { ...good.breaker, probes: 2 } }, 0, 0, 0)).toEqual([
      'one probe: 2 <= 1 does not hold',
    ])
    expect(checkManagedLaws(good, 1, 0, 0)).toHaveLength(2)
    expect(checkManagedLaws(good, 0, 1, 0)).toEqual(['streams: 3 = 4 does not hold'])
    expect(checkManagedLaws(good, 0, 0, 1)).toHaveLength(2)
  })

  it('of pages: what became of a page, and what a codec made of it, are two things', () => {
    const pages = { written: 10, same: 2, compressed: 4, raw: 2, failed: 1, pending: 1 }
    expect(checkLaws(pages)).toEqual([])
    expect(checkLaws({ ...pages, failed: 0 })).toEqual(['pages: 10 = 9 does not hold'])
    expect(checkLaws(pages, { managed: 3, software: 2, declined: 1 })).toEqual([])
    expect(checkLaws(pages, { managed: 1, software: 2, declined: 9 })).toEqual(['compressed: 4 <= 3 does not hold'])
    expect(checkLaws(pages, { managed: 2, software: 2, declined: 1 })).toEqual(['tried: 6 <= 5 does not hold'])
    expect(checkLaws({ ...pages, superseded: 1, pending: 0 })).toEqual([])
    expect(checkLaws({ ...pages, compressed: 5, failed: 0 }, { managed: 2.5, software: 3, declined: 2 })).toEqual([
      'whole: managed is 2.5',
    ])
  })
})

describe('verification', () => {
  it('compares every byte, wherever the areas lie', () => {
    const page = Uint8Array.from({ length: 67 }, (_, i) => i)
    for (const shift of [0, 1, 4]) {
      const src = new Uint8Array(100)
      src.set(page, shift)
      const at = src.subarray(shift, shift + 67)
      const verify = verifier(67, (from, to) => {
        to.set(from)
        return to.length
      })
      expect(verify(at, 67, page)).toBe(true)
      for (let i = 0; i < 67; i++) {
        const bad = page.slice()
        bad[i] = (bad[i] as number) ^ 128
        expect(verify(at, 67, bad)).toBe(false)
      }
    }
  })

  it('is not satisfied by a decompressor that fails, falls short or throws', () => {
    const page = new Uint8Array(8)
    for (const answer of [Status.fault, Status.corrupt, 7]) expect(verifier(8, () => answer)(page, 8, page)).toBe(false)
    const throws = verifier(8, () => {
      throw new Error('no')
    })
    expect(throws(page, 8, page)).toBe(false)
  })
})
