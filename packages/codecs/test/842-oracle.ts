import type { Oracle } from './support/subject.js'

type Verdict = 'noSpace' | 'corrupt'

interface Argument {
  readonly index: boolean
  readonly bytes: number
}

/** What each template is made of, by code: data and indexes of so many bytes. */
export const templates: readonly (readonly Argument[])[] = [
  'D8',
  'D4 D2 I2',
  'D4 I2 D2',
  'D4 I2 I2',
  'D4 I4',
  'D2 I2 D4',
  'D2 I2 D2 I2',
  'D2 I2 I2 D2',
  'D2 I2 I2 I2',
  'D2 I2 I4',
  'I2 D2 D4',
  'I2 D4 I2',
  'I2 D2 I2 D2',
  'I2 D2 I2 I2',
  'I2 D2 I4',
  'I2 I2 D4',
  'I2 I2 D2 I2',
  'I2 I2 I2 D2',
  'I2 I2 I2 I2',
  'I2 I2 I4',
  'I4 D4',
  'I4 D2 I2',
  'I4 I2 D2',
  'I4 I2 I2',
  'I4 I4',
  'I8',
].map((template) => template.split(' ').map((arg) => ({ index: arg[0] === 'I', bytes: Number(arg[1]) })))

/** The CRC of 842, bit by bit but for a table of the steps of one byte. */
const steps = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0)
  return crc
})
export function crc842(bytes: Uint8Array): number {
  let crc = 0
  for (let at = 0; at < bytes.length; at++) crc = (crc << 8) ^ steps[(crc >>> 24) ^ bytes[at]!]!
  return crc >>> 0
}

class Decoder {
  readonly #src: Uint8Array
  readonly #out: Uint8Array
  readonly #checks: boolean
  #pos = 0
  #op = 0

  constructor(src: Uint8Array, capacity: number, checks: boolean) {
    this.#checks = checks
    this.#src = src
    this.#out = new Uint8Array(capacity)
  }

  run(): Uint8Array | Verdict {
    for (;;) {
      const code = this.#bits(5)
      if (code === 0x1e) return this.#end()
      const wrong = this.#operation(code)
      if (wrong) return wrong
    }
  }

  #operation(code: number): Verdict | undefined {
    if (code < templates.length) return this.#template(code)
    if (code === 0x1b) return this.#repeat(this.#bits(6))
    if (code === 0x1c) return this.#zeros()
    if (code === 0x1d) {
      const count = this.#bits(3)
      return count > 0 ? this.#data(count) : 'corrupt'
    }
    return 'corrupt'
  }

  #template(code: number): Verdict | undefined {
    const total = this.#op - (this.#op % 8)
    for (const { index, bytes } of templates[code]!) {
      const wrong = index ? this.#unit(bytes, total) : this.#data(bytes)
      if (wrong) return wrong
    }
    return undefined
  }

  /** The ring place that the index tells, then the latest output before the current group that was at this place. */
  #unit(bytes: number, total: number): Verdict | undefined {
    const reach = bytes === 2 ? 512 : 2048
    let at = this.#bits(bytes === 4 ? 9 : 8) * bytes
    if (Number.isNaN(at)) return 'corrupt'
    while (at + reach < total) at += reach
    if (at >= total) return 'corrupt'
    return this.#copy(at, bytes)
  }

  #data(bytes: number): Verdict | undefined {
    if (bytes > this.#room()) return 'noSpace'
    if (this.#src.length * 8 - this.#pos < bytes * 8) return 'corrupt'
    for (; bytes > 0; bytes--) this.#out[this.#op++] = this.#bits(8)
    return undefined
  }

  #repeat(more: number): Verdict | undefined {
    if (Number.isNaN(more) || this.#op < 8) return 'corrupt'
    // Each byte of the copy repeats the one eight before.
    return this.#copy(this.#op - 8, (more + 1) * 8)
  }

  #end(): Uint8Array | Verdict {
    const out = this.#out.subarray(0, this.#op)
    const crc = this.#bits(32)
    return crc === crc842(out) || !this.#checks ? out : 'corrupt'
  }

  #zeros(): Verdict | undefined {
    if (this.#room() < 8) return 'noSpace'
    this.#op += 8
    return undefined
  }

  #copy(from: number, bytes: number): Verdict | undefined {
    if (bytes > this.#room()) return 'noSpace'
    for (; bytes > 0; bytes--) this.#out[this.#op++] = this.#out[from++]!
    return undefined
  }

  /** The next bits, top bit first, or NaN if the input ends before. */
  #bits(count: number): number {
    if (this.#src.length * 8 - this.#pos < count) return Number.NaN
    let value = 0
    while (count > 0) {
      const left = 8 - (this.#pos & 7)
      const some = Math.min(left, count)
      value = value * (1 << some) + ((this.#src[this.#pos >> 3]! >> (left - some)) & ((1 << some) - 1))
      this.#pos += some
      count -= some
    }
    return value
  }

  #room(): number {
    return this.#out.length - this.#op
  }
}

/** 842, bit by bit. */
export const oracle842: Oracle = (src, capacity) => new Decoder(src, capacity, true).run()

/** The same, but any checksum will do. */
export const unchecked842: Oracle = (src, capacity) => new Decoder(src, capacity, false).run()
