/** Block devices that are wrong in one way: what a scenario sees of core, changed. */
import type { VirtualRuntime, ZramDevice } from '@zcomp/core'
import type { ScriptedDevice } from '../fakes/scripted-device.js'
import type { FaultyRig } from './rigs.js'

type Change = (dev: ZramDevice, runtime: VirtualRuntime, device: ScriptedDevice) => Partial<ZramDevice>

/** The device with some of its methods replaced; the others run on the device itself, whose fields are private. */
function changed(change: Change): FaultyRig['rig'] {
  return {
    device(dev, runtime, device) {
      const own = change(dev, runtime, device)
      return new Proxy(dev, {
        get(target, name) {
          const value: unknown = Reflect.get(name in own ? own : target, name, name in own ? own : target)
          return typeof value === 'function' && !(name in own) ? value.bind(target) : value
        },
      })
    },
  }
}

const wait = (runtime: VirtualRuntime, ms: number): Promise<void> =>
  new Promise((resolve) => void runtime.after(ms, resolve))

export const frontEnds: readonly FaultyRig[] = [
  {
    name: 'last-completed-wins',
    mistake: 'lets writes overtake each other, and whichever lands last stays',
    rig: changed((dev, runtime) => {
      let nth = 0
      return {
        async write(offset, data) {
          const kept = data.slice()
          if (nth++ % 3 === 0) await wait(runtime, 25)
          await dev.write(offset, kept)
        },
      }
    }),
  },
  {
    name: 'patches-outside',
    mistake: 'reads the page, puts the part in, and writes the page',
    rig: changed((dev) => ({
      async write(offset, data) {
        const { pageSize } = dev
        const first = Math.floor(offset / pageSize) * pageSize
        const end = Math.ceil((offset + data.length) / pageSize) * pageSize
        const pages = await dev.read(first, end - first)
        pages.set(data, offset - first)
        await dev.write(first, pages)
      },
    })),
  },
  {
    name: 'sync-is-async',
    mistake: 'hands a synchronous write to the queue',
    rig: changed((dev, runtime) => ({
      writeSync(offset, data) {
        const kept = data.slice()
        void wait(runtime, 1)
          .then(() => dev.write(offset, kept))
          .catch(() => {})
      },
    })),
  },
  {
    name: 'torn-read',
    mistake: 'reads half a page, gives way, and reads the other half',
    rig: changed((dev, runtime) => ({
      async read(offset: number, into: number | Uint8Array) {
        const bytes = typeof into === 'number' ? new Uint8Array(into) : into
        const half = bytes.length >> 1
        bytes.set(await dev.read(offset, half))
        await wait(runtime, 1)
        bytes.set(await dev.read(offset + half, bytes.length - half), half)
        return bytes
      },
    })),
  },
  { name: 'early-flush', mistake: 'takes submitted for stored', rig: changed(() => ({ async flush() {} })) },
  {
    name: 'closes-at-once',
    mistake: 'says that it has closed when it begins to',
    rig: changed((dev) => ({
      async close() {
        void dev.close()
      },
    })),
  },
  { name: 'never-closes', mistake: 'keeps the device for the next one', rig: changed(() => ({ async close() {} })) },
  {
    name: 'leaves-a-timer',
    mistake: 'looks after its requests for ever',
    rig: changed((dev, runtime) => ({
      async write(offset, data) {
        runtime.after(1e9, () => {})
        await dev.write(offset, data)
      },
    })),
  },
  {
    name: 'swallows-errors',
    mistake: 'tells nobody that a page was not stored',
    rig: changed((dev) => ({ write: (offset, data) => dev.write(offset, data).catch(() => {}) })),
  },
  {
    name: 'reads-need-the-device',
    mistake: 'sends reads to the device that compressed the page',
    rig: changed((dev, _, device) => ({
      readSync(offset: number, into: number | Uint8Array) {
        if (device.refuse === 'removed') throw new Error('no device')
        return dev.readSync(offset, into)
      },
    })),
  },
]
