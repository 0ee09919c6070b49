import type { Oracle } from './support/subject.js'

type Verdict = 'noSpace' | 'corrupt'

/** Reads a stream one byte at a time, and says what is wrong at the first place where something is. */
class Decoder {
  readonly #src: Uint8Array
  readonly #out: Uint8Array
  #ip = 0
  #op = 0
  /** How many literals the last instruction copied, 4 standing for more. */
  #state = 0
  #rle = false
  #ended = false

  constructor(src: Uint8Array, capacity: number) {
    this.#src = src
    this.#out = new Uint8Array(capacity)
  }

  run(): Uint8Array | Verdict {
    let wrong = this.#begin()
    while (!wrong && !this.#ended) wrong = this.#instruction(this.#next())
    return wrong ?? this.#out.subarray(0, this.#op)
  }

  #begin(): Verdict | undefined {
    if (this.#src.length < 3) return 'corrupt'
    if (this.#src.length >= 5 && this.#src[0] === 17) {
      this.#rle = this.#src[1] !== 0
      this.#ip = 2
    }
    const head = this.#src[this.#ip]!
    if (head <= 17) return undefined
    this.#ip++
    return head <= 20 ? this.#carried(head - 17) : this.#literals(head - 17)
  }

  #instruction(code: number): Verdict | undefined {
    if (code >= 64) {
      const distance = 1 + ((code >> 2) & 7) + 8 * this.#next()
      return this.#copy((code >> 5) + 1, distance, code & 3)
    }
    if (code >= 32) {
      const length = this.#length(code & 31, 2, 33)
      return this.#wide(length, (operand) => this.#copy(length, 1 + (operand >> 2), operand & 3))
    }
    if (code >= 16) return this.#far(code)
    if (this.#state === 0) {
      const count = this.#length(code, 3, 18)
      return Number.isNaN(count) ? 'corrupt' : this.#literals(count)
    }
    const distance = 1 + (code >> 2) + 4 * this.#next()
    return this.#state === 4 ? this.#copy(3, 2048 + distance, code & 3) : this.#copy(2, distance, code & 3)
  }

  #far(code: number): Verdict | undefined {
    const high = (code >> 3) & 1
    const ahead = this.#src[this.#ip]! | (this.#src[this.#ip + 1]! << 8)
    if (this.#rle && high === 1 && ahead >= 0xfffc) return this.#zeros(code & 7)
    const length = this.#length(code & 7, 2, 9)
    return this.#wide(length, (operand) => {
      const distance = 16384 * (1 + high) + (operand >> 2)
      if (distance > 16384) return this.#copy(length, distance, operand & 3)
      this.#ended = true
      return length === 3 && this.#ip === this.#src.length ? undefined : 'corrupt'
    })
  }

  #zeros(low: number): Verdict | undefined {
    if (this.#left() < 3) return 'corrupt'
    const carried = this.#next() & 3
    this.#next()
    const count = 4 + low + 8 * this.#next()
    if (count > this.#room()) return 'noSpace'
    for (let i = 0; i < count; i++) this.#out[this.#op++] = 0
    return this.#carried(carried)
  }

  #copy(length: number, distance: number, carried: number): Verdict | undefined {
    if (distance > this.#op) return 'corrupt'
    if (length > this.#room()) return 'noSpace'
    for (let i = 0; i < length; i++, this.#op++) this.#out[this.#op] = this.#out[this.#op - distance]!
    return this.#carried(carried)
  }

  #carried(count: number): Verdict | undefined {
    if (this.#left() < count + 3) return 'corrupt'
    if (count > this.#room()) return 'noSpace'
    this.#move(count)
    this.#state = count
    return undefined
  }

  #literals(count: number): Verdict | undefined {
    if (count > this.#room()) return 'noSpace'
    if (this.#left() < count + 3) return 'corrupt'
    this.#move(count)
    this.#state = 4
    return undefined
  }

  #move(count: number): void {
    for (let i = 0; i < count; i++) this.#out[this.#op++] = this.#next()
  }

  /** A length in some bits of an instruction, or, where these are 0, in the bytes that follow. NaN if the input ends first. */
  #length(bits: number, base: number, extendedBase: number): number {
    if (bits !== 0) return base + bits
    let length = extendedBase
    for (;;) {
      if (this.#left() === 0) return Number.NaN
      const byte = this.#next()
      if (byte !== 0) return length + byte
      length += 255
    }
  }

  /** Two bytes, if the length before them was there. */
  #wide(length: number, then: (operand: number) => Verdict | undefined): Verdict | undefined {
    if (Number.isNaN(length) || this.#left() < 2) return 'corrupt'
    return then(this.#next() | (this.#next() << 8))
  }

  #next(): number {
    return this.#src[this.#ip++]!
  }

  #left(): number {
    return this.#src.length - this.#ip
  }

  #room(): number {
    return this.#out.length - this.#op
  }
}

/** LZO1X, both bitstreams, byte by byte. */
export const lzoOracle: Oracle = (src, capacity) => new Decoder(src, capacity).run()
