import { seededRandom } from '@zcomp/core'
import { describe, expect, test } from 'vitest'
import { GuestRings } from '../src/rings/guest.js'
import { HostRings } from '../src/rings/host.js'
import { ringEntries, word } from '../src/rings/layout.js'

function pair(depth: number, origin = 0): { host: HostRings; guest: GuestRings } {
  const host = new HostRings(depth, origin)
  return { host, guest: new GuestRings(host.memory) }
}

const answersOf = (host: HostRings): number[][] => {
  const got: number[][] = []
  expect(host.collect((...answer) => void got.push(answer))).toBe(true)
  return got
}

describe('rings', () => {
  test('carry every request and every answer in order, round the ring and round 32 bits', () => {
    for (const origin of [0, 2 ** 31 - 20, -20]) {
      const { host, guest } = pair(5, origin | 0)
      const random = seededRandom(7)
      const requested: number[] = []
      const taken: number[] = []
      const answered: number[] = []
      for (let i = 0; i < 3000; i++) {
        const roll = random()
        if (roll < 0.4 && host.inFlight < 5) {
          requested.push(i)
          host.push(i & 127, i, 3, 4096)
          if (random() < 0.7) host.publish()
        } else if (roll < 0.8) {
          const request = guest.take()
          if (!request) {
            guest.publish()
            continue
          }
          expect([request.slot, request.setup, request.length]).toEqual([request.generation & 127, 3, 4096])
          taken.push(request.generation)
          guest.answer(request.slot, request.generation, request.generation + 1, 9)
          if (random() < 0.7) guest.publish()
        } else {
          for (const [slot, generation, answer, micros] of answersOf(host)) {
            expect([slot, answer, micros]).toEqual([generation! & 127, generation! + 1, 9])
            answered.push(generation!)
            host.inFlight--
          }
        }
      }
      host.publish()
      for (let request = guest.take(); request; request = guest.take()) {
        taken.push(request.generation)
        guest.answer(request.slot, request.generation, 1, 9)
      }
      guest.publish()
      answered.push(...answersOf(host).map(([, generation]) => generation!))
      expect(requested.length).toBeGreaterThan(500)
      expect(taken).toEqual(requested)
      expect(answered).toEqual(requested)
    }
  })

  test('show nothing before it is published, and ring only a sleeper', () => {
    const { host, guest } = pair(4)
    host.push(1, 1, 1, 4096)
    expect(guest.take()).toBeUndefined()
    expect(host.publish()).toBe(false)
    expect(guest.take()?.slot).toBe(1)
    expect(host.publish()).toBe(false)
    expect(guest.lieDown(guest.bell)).toBe(true)
    host.push(2, 1, 1, 4096)
    expect(host.publish()).toBe(true)
    guest.getUp()
    expect(guest.take()?.slot).toBe(2)
  })

  test('show no answer before it is published, and wake nobody for nothing', () => {
    const { host, guest } = pair(4)
    for (let i = 0; i < 2; i++) host.push(i, 1, 1, 4096)
    host.publish()
    expect(host.wish()).toBe(true)
    guest.answer(0, 1, 11, 0)
    guest.answer(1, 1, 12, 0)
    expect(answersOf(host)).toEqual([])
    expect(guest.publish()).toBe(true)
    expect(answersOf(host)).toEqual([
      [0, 1, 11, 0],
      [1, 1, 12, 0],
    ])
    host.inFlight -= 2
    host.push(2, 1, 1, 4096)
    expect(host.wish()).toBe(true)
    expect(guest.publish()).toBe(false)
  })

  test('have a bell that whoever looked before sleeping cannot miss', () => {
    const { host, guest } = pair(4)
    const before = guest.bell
    expect(guest.take()).toBeUndefined()
    host.push(1, 1, 1, 4096)
    host.publish()
    expect(guest.bell).not.toBe(before)
    const again = guest.bell
    host.mailed()
    expect(guest.bell).not.toBe(again)
    expect(guest.mailed).toBe(true)
    expect(guest.mailed).toBe(false)
  })

  test('keep an engine from a sleep that main takes for the one before', () => {
    const { host, guest } = pair(4)
    const { bell } = guest
    host.push(1, 1, 1, 4096)
    expect(host.publish()).toBe(false)
    expect(guest.lieDown(bell)).toBe(false)
    guest.getUp()
    // Main is held up within this call, and meanwhile the engine looks, finds nothing more and lies down.
    expect(guest.lieDown(guest.bell)).toBe(true)
    host.mailed()
    expect(Atomics.wait(guest.words, word.asleep, 1, 10)).toBe('not-equal')
  })

  test('wake main once, when half is done, and never owe a wake-up', () => {
    const { host, guest } = pair(8)
    for (let i = 0; i < 8; i++) host.push(i, 1, 1, 4096)
    host.publish()
    expect(host.wish()).toBe(true)
    const woken: boolean[] = []
    for (let request = guest.take(); request; request = guest.take()) {
      guest.answer(request.slot, request.generation, 1, 0)
      woken.push(guest.publish())
    }
    expect(woken).toEqual([false, false, false, true, false, false, false, false])
    expect(host.counter(word.wakes)).toBe(1)
  })

  test('wake nobody once the wish is taken back, until there is another', () => {
    const { host, guest } = pair(8)
    for (let i = 0; i < 4; i++) host.push(i, 1, 1, 4096)
    host.publish()
    expect(host.wish()).toBe(true)
    host.unwish()
    const answer = (): boolean => {
      const request = guest.take()!
      guest.answer(request.slot, request.generation, 1, 0)
      return guest.publish()
    }
    expect([answer(), answer()]).toEqual([false, false])
    expect(answersOf(host)).toHaveLength(2)
    host.inFlight -= 2
    expect(host.wish()).toBe(true)
    expect([answer(), answer()]).toEqual([true, false])
  })

  test('say so when the wish to be woken comes too late', () => {
    const { host, guest } = pair(8)
    for (let i = 0; i < 4; i++) host.push(i, 1, 1, 4096)
    host.publish()
    for (let request = guest.take(); request; request = guest.take()) guest.answer(request.slot, 1, 1, 0)
    guest.publish()
    expect(host.wish()).toBe(false)
    expect(answersOf(host)).toHaveLength(4)
  })

  test('are not believed when they claim more than they hold', () => {
    const { host, guest } = pair(4)
    for (let i = 0; i <= ringEntries(4); i++) guest.answer(0, 0, 1, 0)
    guest.publish()
    expect(host.collect(() => {})).toBe(false)
  })
})
