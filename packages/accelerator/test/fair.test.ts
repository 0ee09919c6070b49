import { describe, expect, test } from 'vitest'
import { FairQueue } from '../src/pool/fair.js'
import type { Member } from '../src/pool/member.js'
import { SlotTable } from '../src/pool/slots.js'
import type { PooledStream } from '../src/pool/stream.js'

const member = (serviceMicros: number, ready = 1, reserve = 0): Member =>
  ({ serviceMicros, ready, reserve, waiting: 0, deficit: 0, inTurn: false, held: 0 }) as Member
const stream = (slot: number, owner?: Member): PooledStream =>
  ({ slot, member: owner, state: 'lent', engine: 0 }) as PooledStream

function fill(queue: FairQueue, owner: Member, count: number): void {
  for (let i = 0; i < count; i++) queue.push(owner, stream(i, owner))
}

describe('the queue', () => {
  test('gives equal time, not equal pages', () => {
    const queue = new FairQueue()
    const [cheap, dear] = [member(4), member(20)]
    fill(queue, dear, 100)
    fill(queue, cheap, 500)
    const sent = new Map<Member, number>([
      [cheap, 0],
      [dear, 0],
    ])
    for (let i = 0; i < 240; i++) {
      const owner = queue.next(1)!.member!
      sent.set(owner, sent.get(owner)! + 1)
    }
    expect(sent.get(cheap)! * 4).toBe(sent.get(dear)! * 20)
  })

  test('counts no turn while engines are full', () => {
    const queue = new FairQueue()
    const [first, second] = [member(4), member(4)]
    fill(queue, first, 50)
    fill(queue, second, 50)
    const owners: unknown[] = []
    for (let i = 0; i < 40; i++) {
      for (let full = 0; full < 3; full++) expect(queue.next(0)).toBeUndefined()
      owners.push(queue.next(1)!.member)
    }
    expect(owners.filter((owner) => owner === first)).toHaveLength(20)
  })

  test('lets a newcomer pass a backlog within one turn', () => {
    const queue = new FairQueue()
    const [noisy, quiet] = [member(4), member(4)]
    fill(queue, noisy, 100)
    for (let i = 0; i < 10; i++) queue.next(1)
    fill(queue, quiet, 1)
    const next = [queue.next(1)!.member, queue.next(1)!.member]
    expect(next).toContain(quiet)
  })

  test('does not let pages of unknown cost take every turn', () => {
    const queue = new FairQueue()
    const [known, unknown] = [member(20), member(0)]
    fill(queue, unknown, 50)
    fill(queue, known, 50)
    const owners = Array.from({ length: 20 }, () => queue.next(1)!.member)
    expect(owners.filter((owner) => owner === known)).toHaveLength(10)
  })

  test('passes over whom no engine with room can serve, and keeps the order of each', () => {
    const queue = new FairQueue()
    const [first, second] = [member(4, 0b01), member(4, 0b10)]
    fill(queue, first, 3)
    fill(queue, second, 3)
    expect([queue.next(0b10), queue.next(0b10), queue.next(0b10)].map((s) => s?.slot)).toEqual([0, 1, 2])
    expect(queue.next(0b10)).toBeUndefined()
    expect(queue.next(0b01)?.member).toBe(first)
    expect(queue.takeFrom(first)?.slot).toBe(1)
    expect(queue.waiting).toBe(1)
  })
})

describe('slots', () => {
  test('keep what is reserved for those it is reserved for', () => {
    const slots = new SlotTable(8)
    const greedy = member(1, 1, slots.reserve(2))
    const modest = member(1, 1, slots.reserve(2))
    const taken = Array.from({ length: 8 }, () => slots.take(greedy)).filter((slot) => slot >= 0)
    expect(taken).toHaveLength(6)
    expect([slots.take(modest), slots.take(modest)].every((slot) => slot >= 0)).toBe(true)
    expect(slots.take(modest)).toBe(-1)
    slots.give(greedy, stream(taken[0]!, greedy))
    expect(slots.take(modest)).toBe(taken[0])
  })

  test('cut reservations that no longer fit, and free those of a setup that leaves', () => {
    const slots = new SlotTable(8)
    const first = member(1, 1, slots.reserve(6))
    expect(slots.reserve(6)).toBe(2)
    slots.unreserve(first)
    expect(slots.reserve(8)).toBe(6)
  })

  test('tell what an answer is that matches no request', () => {
    const slots = new SlotTable(2)
    const out = stream(1)
    slots.flies(out)
    const generation = slots.generation(1)
    expect(slots.match(1, generation)).toBe(out)
    slots.landed(1, false)
    expect(slots.match(1, generation)).toBeUndefined()
    expect(slots.stray(1, generation)).toBe('duplicate')
    expect(slots.stray(1, generation + 1)).toBe('unknown')
    expect(slots.stray(7, 0)).toBe('unknown')
    slots.landed(1, true)
    expect(slots.stray(1, generation)).toBe('late')
    expect(slots.stray(1, generation + 1)).toBe('late')
  })
})
