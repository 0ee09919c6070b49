/** The engine as a worker thread: serves requests, hardly ever returning to its event loop, and sleeps on the bell. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { EngineModule, ZcompOps } from '@zcomp/core'
import { Status } from '@zcomp/core'
import { GuestRings, type RingRequest } from '../rings/guest.js'
import { word } from '../rings/layout.js'
import type { EngineData, FromEngine, ToEngine } from './messages.js'
import { EngineSetups } from './setups.js'

/** No wake-up is ever lost, by construction; should one be, it costs this long and shows in a counter. */
const longestSleepMs = 1000

/**
 * Pages between two turns of the event loop, in an engine that never rests. What native code has handed to JavaScript it takes back in a turn
 * of its own: without one, the results of lz4-napi are never freed.
 */
const pagesPerTurn = 256

/** Looks at the bell between two looks at the clock. */
const looksPerClock = 64

const port = parentPort!
const { rings, wake, wakeBy, spinMicros } = workerData as EngineData
const guest = new GuestRings(rings)
const wakeWord = new Int32Array(wake)
const tell = (message: FromEngine): void => port.postMessage(message)
const setups = new EngineSetups(load, tell)

guest.begin()
tell({ type: 'up', bell: 'futex', wake: wakeBy })
await run()
await setups.close()
// Whatever a backend, or a setup that is still being made, has left to happen: nobody waits for it.
process.exit()

async function run(): Promise<void> {
  let sinceTurn = 0
  /** Its last sleep ended by its limit: there is nothing to look out for. */
  let idle = false
  for (;;) {
    const { bell } = guest
    for (;;) {
      if (guest.leaves) {
        publish()
        return
      }
      const request = guest.take()
      if (!request) break
      serve(request)
      if (++sinceTurn < pagesPerTurn) continue
      sinceTurn = 0
      publish()
      await turn()
    }
    publish()
    if (guest.mailed) readMail()
    if (setups.pending > 0) await turn()
    else if (idle || !spin(bell)) {
      if (sinceTurn > 0) await turn()
      sinceTurn = 0
      idle = sleep(bell)
    }
  }
}

/**
 * The answer to one page is published when the next has been read: publishing waits until the core has handed over every byte of the result,
 * and reading does not.
 */
function serve({ slot, generation, setup: id, length }: RingRequest): void {
  const setup = setups.get(id)
  const start = setup?.timed ? performance.now() : 0
  const read = setup?.read(slot, length)
  publish()
  const answer = setup && read ? setup.compress(slot, length) : Status.fault
  const micros = start > 0 ? Math.max(1, Math.round(1000 * (performance.now() - start))) : 0
  guest.answer(slot, generation, answer, micros)
}

function publish(): void {
  if (guest.publish()) wakeMain()
}

function wakeMain(): void {
  if (wakeBy === 'message') {
    tell({ type: 'wake' })
    return
  }
  Atomics.add(wakeWord, 0, 1)
  Atomics.notify(wakeWord, 0)
}

/** A message is there before main says so, so that none is missed. */
function readMail(): void {
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
    const message = got.message as ToEngine
    if (message.type === 'setup') void setups.add(message)
    else if (message.type === 'release') void setups.remove(message.id)
  }
}

/** True when the bell has rung. Going to sleep and waking up costs both sides more than this wait. */
function spin(bell: number): boolean {
  if (spinMicros === 0) return false
  const end = performance.now() + spinMicros / 1000
  do {
    for (let i = 0; i < looksPerClock; i++) if (guest.bell !== bell) return true
  } while (performance.now() < end)
  return false
}

/** True where it ended by its limit: nobody has rung. */
function sleep(bell: number): boolean {
  const ended = guest.lieDown(bell) ? Atomics.wait(guest.words, word.asleep, 1, longestSleepMs) : 'not-equal'
  guest.getUp()
  if (ended !== 'timed-out') return false
  guest.count(word.limits)
  if (guest.waiting) guest.count(word.lost)
  return true
}

async function load(module: EngineModule): Promise<ZcompOps> {
  const exports = (await import(module.url)) as Record<string, unknown>
  const factory = exports[module.factory]
  if (typeof factory !== 'function') throw new Error(`${module.url} exports no function ${module.factory}`)
  return factory(module.options) as ZcompOps
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
