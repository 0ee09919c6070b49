/** The governor, with a made-up machine: so many microseconds a page with the device in use, so many without. */
import { describe, expect, it } from 'vitest'
import { type DeskView, governed, neverWait, type PolicyRun, policy } from '../../src/index.js'

type Machine = { withUs: number; withoutUs: number }

class Rig {
  ms = 0
  readonly view: DeskView
  readonly run: PolicyRun
  #inFlight = 0

  constructor(options = {}, inner = neverWait()) {
    const rig = this
    this.view = {
      pageSize: 4096,
      streams: 8,
      managedMs: 0,
      softwareMs: 0,
      now: () => this.ms,
      get inFlight() {
        return rig.#inFlight
      },
    }
    this.run = governed(inner, options).start(this.view)
  }

  /** Works without pause for so long; says what part of the pages went to the device. */
  work(forMs: number, { withUs, withoutUs }: Machine): number {
    let sent = 0
    let pages = 0
    for (const end = this.ms + forMs; this.ms < end; pages++) {
      const managed = this.run.admit(100) === 'go'
      if (managed) sent++
      this.#inFlight = 1
      this.ms += (managed ? withUs : withoutUs) / 1000
    }
    return sent / pages
  }

  /** The last page of a stretch of work, then nothing. */
  pause(ms: number): void {
    this.run.admit(0)
    this.#inFlight = 0
    this.run.answered()
    this.ms += ms
  }
}

const pays: Machine = { withUs: 22, withoutUs: 40 }
const hurts: Machine = { withUs: 48, withoutUs: 40 }

describe('the governor', () => {
  it('leaves a device in use that pays, and looks ever more rarely', () => {
    const rig = new Rig()
    expect(rig.work(1000, pays)).toBeGreaterThan(0.95)
    const later = rig.work(20_000, pays)
    expect(later).toBeGreaterThan(0.99)
    expect(later).toBeLessThan(1)
  })

  it('stops a device that does not pay, after two comparisons, and tries it again', () => {
    const rig = new Rig()
    rig.work(600, hurts)
    expect(rig.work(400, hurts)).toBe(0)
    const share = rig.work(30_000, hurts)
    expect(share).toBeGreaterThan(0)
    expect(share).toBeLessThan(0.03)
  })

  it('judges nothing while the code of both sides is still being compiled, nor by the first window after a rest', () => {
    const cold: Machine = { withUs: 120, withoutUs: 80 }
    const rig = new Rig()
    expect(rig.work(400, cold)).toBe(1)
    expect(rig.work(1000, pays)).toBeGreaterThan(0.95)
    const rested = new Rig({ restMs: 500 })
    rested.work(600, hurts)
    expect(rested.work(400, hurts)).toBe(0)
    while (rested.work(1, hurts) === 0);
    rested.work(48, hurts)
    expect(rested.work(1000, pays)).toBeGreaterThan(0.9)
  })

  it('takes a device back into use when it pays again', () => {
    const rig = new Rig()
    rig.work(5000, hurts)
    rig.work(8100, pays)
    expect(rig.work(1000, pays)).toBeGreaterThan(0.9)
  })

  it('notices at once when another process takes the core', () => {
    const rig = new Rig()
    rig.work(10_000, pays)
    rig.work(250, hurts)
    expect(rig.work(200, hurts)).toBe(0)
  })

  it('is not misled by one bad window', () => {
    const rig = new Rig()
    rig.work(5000, pays)
    rig.work(60, hurts)
    expect(rig.work(1000, pays)).toBeGreaterThan(0.85)
  })

  it('does not take pauses for slowness', () => {
    const rig = new Rig()
    let share = 0
    for (let i = 0; i < 400; i++) {
      share += rig.work(1, pays) / 400
      rig.pause(20)
    }
    expect(share).toBeGreaterThan(0.9)
  })

  it('judges nothing by windows in which hardly a page went to the device', () => {
    let shy = true
    const inner = policy('shy', () => ({ admit: () => (shy ? 'policy' : 'go') }))
    const rig = new Rig({}, inner)
    // Pages that get easier all the time: had these windows counted, software would look better than the device.
    for (let us = 60; us > 40; us--) rig.work(200, { withUs: us, withoutUs: us })
    shy = false
    expect(rig.work(400, pays)).toBeGreaterThan(0.85)
  })
})
