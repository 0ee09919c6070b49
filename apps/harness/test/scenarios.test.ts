import { ZramDevice } from '@zcomp/core'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../src/scenarios/index.js'
import { healthy, runOn } from './support.js'

/** Devices that are broken in one way, by the scenario that has to see it. */
type Breaker = (device: ZramDevice) => Partial<ZramDevice>

/** What the scenario about the kernel needs is not on every machine. */
const own = scenarios.filter(({ id }) => !id.startsWith('kernel/'))

const noop = async (): Promise<void> => {}
const flip = (data: Uint8Array, at: number): Uint8Array => data.map((byte, i) => (i === at ? byte ^ 1 : byte))
const reversed = (data: Uint8Array): Uint8Array => data.slice().reverse()
const forgivingWrite: Breaker = (d) => ({ write: (at, data) => d.write(at, data).catch(() => {}) })
const forgivingRead: Breaker = (d) => ({ read: (at, into) => d.read(at, into).catch(() => new Uint8Array(4096)) })
const reversingWrite: Breaker = (d) => ({ write: (at, data) => d.write(at, reversed(data)) })

/** Only the first write to each place arrives. */
const firstWriteOnly: Breaker = (d) => {
  const written = new Set<number>()
  return {
    async write(at, data) {
      if (written.has(at)) return
      written.add(at)
      await d.write(at, data)
    },
  }
}

/** Writes overtake each other, some by a turn more than others. */
const lateWrite: Breaker = (d) => ({
  async write(at, data) {
    for (let turns = 1 + (at % 3); turns > 0; turns--) await null
    await d.write(at, data)
  },
})

/** Reads of the first page see it as it was in the beginning. */
const staleRead: Breaker = (d) => {
  const old = d.read(0, 4096)
  return { read: (at, into) => (typeof into === 'number' ? old : d.read(at, into)) }
}

const breakers: Record<string, Breaker> = {
  'device/read-back': (d) => ({ write: (at, data) => d.write(at, flip(data, 9)) }),
  'device/sync-read-back': (d) => ({ writeSync: (at, data) => d.writeSync(at, flip(data, 9)) }),
  'device/overwrite': firstWriteOnly,
  'device/partial-writes': (d) => ({ write: (at, data) => d.write(at, data.length > 1 ? data.subarray(1) : data) }),
  'device/in-flight-writes': lateWrite,
  'device/sync-during-async': lateWrite,
  'device/read-during-write': staleRead,
  'device/flush': () => ({ flush: noop }),
  'device/same-filled': (d) => ({ write: (at, data) => d.write(at, flip(data, 4100)) }),
  'device/huge-pages': (d) => ({ show: (name) => d.show(name).replace(/(\S+)(\s+\S+)\n$/, '0$2\n') }),
  'device/discard': () => ({ discard: noop }),
  'device/mem-limit': forgivingWrite,
  'device/failing-codec': forgivingWrite,
  'device/corrupt-page': forgivingRead,
  'device/checksum': forgivingRead,
  'device/stats': (d) => ({ show: (name) => d.show(name).replace(/^( *)(\d)/, '$11') }),
  'device/page-sizes': (d) => ({ write: (at, data) => d.write(at, d.pageSize === 65536 ? reversed(data) : data) }),
  'device/levels': reversingWrite,
  'device/algorithms': (d) => ({ show: (name) => d.show(name).replace(/[[\]]/g, '') }),
  'device/two-devices': (d) => ({ close: () => d.close().then(() => Promise.reject(new Error('not clean'))) }),
  'device/misuse': (d) => ({ discard: (at, length) => d.discard(Math.max(at, 0), length) }),
  'device/reset': () => ({ reset: noop }),
  'device/close': () => ({ close: noop }),
  'device/terabyte': (d) => ({ write: (at, data) => d.write(at % 2 ** 32, data) }),
  // What pretends to have managed streams where there are none.
  'managed/unsupported': () => ({ trace: () => [{ page: 0, via: 'software', reason: 'unsupported', us: 0 }] }),
  'managed/differential': reversingWrite,
  // A write that a failing device took with it.
  'managed/faults': (d) => ({ write: (at, data) => d.write(at, at === 0 ? flip(data, 9) : data) }),
  'device/differential': (d) => (d.algorithm === healthy.name ? reversingWrite(d) : {}),
}

describe('every scenario about devices', () => {
  it.each(own)('$id holds on a device that works', async (scenario) => {
    const row = await runOn(scenario)
    expect(row.outcome, `${row.why}`).toBe('held')
  })

  it('is named with a device that it catches', () => {
    expect(Object.keys(breakers).sort()).toEqual(own.map(({ id }) => id).sort())
  })

  it.each(own)('$id breaks on its broken device', async (scenario) => {
    const breaker = breakers[scenario.id] as Breaker
    const row = await runOn(scenario, async (options) => broken(await ZramDevice.create(options), breaker))
    expect(row.outcome, `${row.why}`).toBe('broke')
    expect(row.replay).toContain(`--backend ${healthy.name} --scenario '${scenario.id}' --seed 7`)
  })
})

function broken(device: ZramDevice, breaker: Breaker): ZramDevice {
  const changes = breaker(device)
  return new Proxy(device, {
    get(target, key) {
      if (key in changes) return changes[key as keyof ZramDevice]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
