/**
 * Deficit round robin: setups with requests to send take turns, and a turn is measured in time that the engine spends, not in pages, so
 * that a setup with costly pages does not hold up the others.
 */
import type { Member } from './member.js'
import type { PooledStream } from './stream.js'

export class FairQueue {
  /** Requests that wait, of all setups. */
  waiting = 0
  /** Setups with requests that wait, in order of their turns. */
  readonly #turns: Member[] = []

  push(member: Member, stream: PooledStream): void {
    stream.next = undefined
    if (member.last) member.last.next = stream
    else {
      member.first = stream
      this.#turns.push(member)
    }
    member.last = stream
    member.waiting++
    this.waiting++
  }

  /** The next request for one of the engines in `room`, one bit each; undefined where none of them can serve any. */
  next(room: number): PooledStream | undefined {
    const turns = this.#turns
    const only = turns[0]
    if (turns.length === 1 && only) return (only.ready & room) === 0 ? undefined : this.#pop(only)
    const quantum = this.#quantum()
    for (;;) {
      const member = this.#nextFor(room)
      if (!member) return undefined
      if (!member.inTurn) {
        member.inTurn = true
        member.deficit += quantum
      }
      const cost = member.serviceMicros || quantum
      if (cost <= member.deficit) {
        member.deficit -= cost
        return this.#pop(member)
      }
      // Its turn is over, and it goes last. A setup that no engine has room for keeps its place instead.
      member.inTurn = false
      turns.splice(turns.indexOf(member), 1)
      turns.push(member)
    }
  }

  #nextFor(room: number): Member | undefined {
    for (const member of this.#turns) if ((member.ready & room) !== 0) return member
    return undefined
  }

  /** The dearest page of those that wait: enough for one page of any setup. One that was never timed counts as that dear. */
  #quantum(): number {
    let dearest = 1
    for (const { serviceMicros } of this.#turns) dearest = Math.max(dearest, serviceMicros)
    return dearest
  }

  /** Takes out the oldest request of one setup, whoever's turn it is. */
  takeFrom(member: Member): PooledStream | undefined {
    return member.first ? this.#pop(member) : undefined
  }

  #pop(member: Member): PooledStream {
    const stream = member.first!
    member.first = stream.next
    stream.next = undefined
    member.waiting--
    this.waiting--
    if (!member.first) {
      member.last = undefined
      member.deficit = 0
      member.inTurn = false
      if (this.#turns.length === 1) this.#turns.pop()
      else this.#turns.splice(this.#turns.indexOf(member), 1)
    }
    return stream
  }
}
