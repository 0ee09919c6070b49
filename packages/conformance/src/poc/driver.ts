/** Set-up and reset of one device: reference counting, one mutex for all, and what is freed. */
import type { Poc } from './parts.js'
import { workerSteps } from './worker.js'
import { writerSteps } from './writer.js'

export const driverSteps = { lock: 0, init: 1, contexts: 2, running: 3, put: 4, destroy: 5, over: 6 } as const
const { lock, init, contexts, running, put, destroy, over } = driverSteps

const texts: Readonly<Record<number, string>> = {
  [lock]: 'set-up: takes the global mutex',
  [init]: 'set-up: creates the accelerator or takes a reference, and releases the mutex',
  [contexts]: 'set-up: allocates contexts, and sets the capability flag',
  [running]: 'reset: begins',
  [put]: 'reset: drops its reference; the last one takes the mutex',
  [destroy]: 'reset: stops the worker and frees the accelerator, and returns with the mutex still held',
}

export function driverChoices(poc: Poc, s: Uint8Array, device: number): number {
  const { at, options } = poc
  switch (s[at.driverStep + device]) {
    case lock:
      return s[at.globalLock] === 0 ? 1 : 0
    case put:
      return s[at.refs]! > 1 || s[at.globalLock] === 0 ? 1 : 0
    case destroy:
      return workersIdle(poc, s) ? 1 : 0
    case running: {
      const reset = options.lives > 0 && writersOver(poc, s, device)
      const clear = options.clears && s[at.managed + device] === 1
      // 1: reset. 2: reset or clear. 3: only clear.
      return reset ? (clear ? 2 : 1) : clear ? 3 : 0
    }
    case over:
      return 0
    default:
      return 1
  }
}

function writersOver(poc: Poc, s: Uint8Array, device: number): boolean {
  for (let writer = device; writer < poc.options.writers; writer += poc.options.devices) {
    if (s[poc.at.writerStep + writer] !== writerSteps.over) return false
  }
  return true
}

function workersIdle(poc: Poc, s: Uint8Array): boolean {
  for (let worker = 0; worker < poc.options.workers; worker++) {
    if (s[poc.at.workerStep + worker] !== workerSteps.sleep) return false
  }
  return true
}

export function stepDriver(poc: Poc, s: Uint8Array, device: number, choice: number): void {
  const { at } = poc
  const pc = at.driverStep + device
  switch (s[pc]) {
    case lock:
      s[at.globalLock] = 1
      s[pc] = init
      break
    case init:
      if (s[at.present]) s[at.refs]!++
      else create(poc, s)
      s[at.globalLock] = 0
      s[pc] = contexts
      break
    case contexts:
      openDevice(poc, s, device)
      break
    case running:
      if (choice === 0) s[pc] = put
      else s[at.managed + device] = 0
      break
    case put:
      if (--s[at.refs]! === 0) {
        s[at.globalLock] = 1
        s[pc] = destroy
      } else endLife(poc, s, device)
      break
    case destroy:
      s[at.present] = 0
      s[at.freeCount] = 0
      s[at.tokens] = 0
      s.fill(0, at.free, at.free + poc.options.streams)
      endLife(poc, s, device)
  }
}

export function create(poc: Poc, s: Uint8Array): void {
  const { at, options } = poc
  s[at.present] = 1
  s[at.refs] = 1
  s[at.submitIndex] = 0
  s[at.freeCount] = options.streams
  for (let stream = 0; stream < options.streams; stream++) s[at.free + stream] = options.streams - 1 - stream
}

export function openDevice(poc: Poc, s: Uint8Array, device: number): void {
  const { at, options } = poc
  s[at.contexts + device] = options.contexts
  s[at.managed + device] = 1
  s[at.driverStep + device] = running
  for (let writer = device; writer < options.writers; writer += options.devices) {
    s[at.writerStep + writer] = options.rounds > 0 ? writerSteps.idle : writerSteps.over
    s[at.round + writer] = 0
    // A page of the next life is another page.
    for (let i = 0; i < options.rounds; i++) s[at.served + writer * options.rounds + i + 1] = 0
  }
}

function endLife(poc: Poc, s: Uint8Array, device: number): void {
  const { at, options } = poc
  s[at.contexts + device] = 0
  s[at.managed + device] = 0
  s[at.driverStep + device] = ++s[at.life + device]! === options.lives ? over : lock
}

export function tellDriver(poc: Poc, s: Uint8Array, device: number, choice: number): string {
  const step = s[poc.at.driverStep + device]!
  const clears = step === running && choice > 0
  return `device ${device}: ${clears ? 'its capability flag is cleared' : texts[step]}`
}
